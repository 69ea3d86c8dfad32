//! What makes the same snapshot possible on both databases. Each rule has a test here that fails
//! where the rule is not kept.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use gates::{Bookshop, Database, Db};
use groundwork::migrations::{AUTHORS, BOOKS, Migrations};
use groundwork::{Constraint, connect, violated};

const MIGRATIONS: Migrations = Migrations(&[BOOKS, AUTHORS]);

fn connected(statements: &str) -> (Database, Db) {
    let database = Database::with(statements);
    let conn = database.connect(connect);
    (database, conn)
}

/// The id of a new book.
fn insert_book(conn: &mut Db, title: &str) -> QueryResult<i32> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Integer)]
        id: i32,
    }
    let insert = format!("INSERT INTO books (title) VALUES ('{title}') RETURNING id");
    Ok(diesel::sql_query(insert).get_result::<Row>(conn)?.id)
}

fn violation(conn: &mut Db, statement: &str) -> Option<Constraint> {
    violated(&diesel::sql_query(statement).execute(conn).expect_err("the statement is refused"))
}

/// Rule (a): texts sort by code point. (That a server's own order does not matter is tested
/// beside the fixture, on a server that sorts as English does.)
#[test]
fn titles_sort_by_code_point() {
    let (mut database, _) =
        connected("CREATE TABLE t (x TEXT); INSERT INTO t VALUES ('b'), ('é'), ('Z'), ('a');");
    assert_eq!(database.rows("x", "t ORDER BY x"), "x\nZ\na\nb\né");
}

/// Rule (a): the databases put `NULL` at different ends unless told where.
#[test]
fn nulls_sort_differently_unless_the_query_says_where() {
    let (mut database, _) = connected("CREATE TABLE t (x INTEGER); INSERT INTO t VALUES (2), (NULL), (1);");
    assert_eq!(database.rows("x", "t ORDER BY x NULLS LAST"), "x\n1\n2\nNULL");
    let unsaid = if cfg!(feature = "postgres") { "x\n1\n2\nNULL" } else { "x\nNULL\n1\n2" };
    assert_eq!(database.rows("x", "t ORDER BY x"), unsaid);
}

/// Rule (b): why no gate shows an id that was made after a refused insert.
#[test]
fn the_next_id_after_a_refused_insert_depends_on_the_database() {
    let shop = Bookshop::open(&MIGRATIONS);
    let mut conn = shop.db.connect(connect);
    let highest = shop.books.last().unwrap().id;
    insert_book(&mut conn, &"x".repeat(51)).unwrap_err();
    let next = insert_book(&mut conn, "Fog").unwrap();
    assert_eq!(next, highest + if cfg!(feature = "postgres") { 2 } else { 1 });
}

/// Rule (c): one enum for what both databases refuse, for every kind of constraint.
#[test]
fn a_violation_has_the_same_name_on_both_databases() {
    let (_database, mut conn) = connected(
        "CREATE TABLE parents (id INTEGER PRIMARY KEY);
         CREATE TABLE children (
             id INTEGER PRIMARY KEY,
             name TEXT NOT NULL UNIQUE,
             parent_id INTEGER REFERENCES parents (id),
             CONSTRAINT name_length CHECK (length(name) <= 5)
         );
         CREATE TABLE pairs (one INTEGER, other INTEGER, PRIMARY KEY (one, other));
         CREATE TABLE seats (number INTEGER, free BOOLEAN NOT NULL);
         CREATE UNIQUE INDEX one_taken ON seats (number) WHERE NOT free;
         INSERT INTO children VALUES (1, 'Ann', NULL);
         INSERT INTO pairs VALUES (1, 2);
         INSERT INTO seats VALUES (4, false);",
    );
    let unique =
        |columns: &[&str]| Some(Constraint::Unique(columns.iter().map(|&name| name.to_owned()).collect()));
    for (statement, expected) in [
        ("INSERT INTO children VALUES (1, 'Bob', NULL)", unique(&["children.id"])),
        ("INSERT INTO children VALUES (2, 'Ann', NULL)", unique(&["children.name"])),
        ("INSERT INTO children VALUES (2, 'Bob', 7)", Some(Constraint::ForeignKey)),
        (
            "INSERT INTO children VALUES (2, NULL, NULL)",
            Some(Constraint::NotNull("children.name".to_owned())),
        ),
        (
            "INSERT INTO children VALUES (2, 'Robert', NULL)",
            Some(Constraint::Check("name_length".to_owned())),
        ),
        ("INSERT INTO pairs VALUES (1, 2)", unique(&["pairs.one", "pairs.other"])),
        ("INSERT INTO seats VALUES (4, false)", unique(&["seats.number"])),
        ("INSERT INTO nowhere VALUES (1)", None),
    ] {
        assert_eq!(violation(&mut conn, statement), expected, "{statement}");
    }
}

/// Rules (c) and (d), for the tables that steps 3 and 4 make.
#[test]
fn every_violation_in_the_bookshop_names_its_constraint() {
    let shop = Bookshop::open(&MIGRATIONS);
    let mut conn = shop.db.connect(connect);
    let long = "x".repeat(51);
    let id = shop.books[0].id;
    for (statement, expected) in [
        (
            format!("INSERT INTO books (title) VALUES ('{long}')"),
            Constraint::Check("title_length".to_owned()),
        ),
        (
            format!("INSERT INTO authors (name) VALUES ('{long}')"),
            Constraint::Check("name_length".to_owned()),
        ),
        ("INSERT INTO books (title) VALUES (NULL)".to_owned(), Constraint::NotNull("books.title".to_owned())),
        (
            "INSERT INTO authors (name) VALUES (NULL)".to_owned(),
            Constraint::NotNull("authors.name".to_owned()),
        ),
        ("INSERT INTO books (title, author_id) VALUES ('Fog', -1)".to_owned(), Constraint::ForeignKey),
        (
            format!("INSERT INTO books (id, title) VALUES ({id}, 'Fog')"),
            Constraint::Unique(vec!["books.id".to_owned()]),
        ),
    ] {
        assert_eq!(violation(&mut conn, &statement), Some(expected), "{statement}");
    }
}

/// Rule (d): a `VARCHAR(50)` of PostgreSQL's would cut the blank off and store the title.
#[test]
fn one_space_too_many_is_refused_on_both_databases() {
    let shop = Bookshop::open(&MIGRATIONS);
    let mut conn = shop.db.connect(connect);
    let (fits, blank) = ("x".repeat(50), format!("{} ", "x".repeat(50)));
    assert!(insert_book(&mut conn, &fits).is_ok());
    let refused = insert_book(&mut conn, &blank);
    assert_eq!(
        refused.map_err(|error| violated(&error)),
        Err(Some(Constraint::Check("title_length".to_owned())))
    );
}

/// Rule (e): without `ESCAPE` a backslash means itself on SQLite and escapes on PostgreSQL.
#[test]
fn a_pattern_must_name_its_escape_character() {
    let (mut database, _) = connected("CREATE TABLE t (x TEXT); INSERT INTO t VALUES ('100%'), ('1000');");
    assert_eq!(database.rows("x", r"t WHERE x LIKE '100\%' ESCAPE '\' ORDER BY x"), "x\n100%");
    let unsaid = if cfg!(feature = "postgres") { "x\n100%" } else { "x" };
    assert_eq!(database.rows("x", r"t WHERE x LIKE '100\%' ORDER BY x"), unsaid);
}

#[test]
fn like_is_case_sensitive() {
    let (_database, mut conn) = connected("CREATE TABLE t (x TEXT); INSERT INTO t VALUES ('Alice');");
    assert_eq!(gates::rows(&mut conn, "x", "t WHERE x LIKE 'a%'"), "x");
}

#[test]
fn a_failed_migration_leaves_nothing_behind() {
    use diesel_migrations::{FileBasedMigrations, MigrationHarness};

    let folder = tempfile::tempdir().unwrap();
    let migration = folder.path().join("2026-01-01-000000_half");
    std::fs::create_dir(&migration).unwrap();
    std::fs::write(
        migration.join("up.sql"),
        "CREATE TABLE first (id INTEGER); CREATE TABLE second (id NONSENSE(;",
    )
    .unwrap();
    std::fs::write(migration.join("down.sql"), "DROP TABLE first;").unwrap();
    let mut database = Database::empty();
    let mut conn = database.connect(connect);
    let error =
        conn.run_pending_migrations(FileBasedMigrations::from_path(folder.path()).unwrap()).unwrap_err();
    assert!(error.to_string().contains("2026-01-01-000000_half"), "the error names the migration: {error}");
    let tables = if cfg!(feature = "postgres") {
        "pg_tables WHERE tablename IN ('first', 'second')"
    } else {
        "sqlite_schema WHERE name IN ('first', 'second')"
    };
    assert_eq!(database.rows("count(*)", tables), "count(*)\n0");
    // After a fix it runs.
    std::fs::write(migration.join("up.sql"), "CREATE TABLE first (id INTEGER);").unwrap();
    conn.run_pending_migrations(FileBasedMigrations::from_path(folder.path()).unwrap()).unwrap();
    conn.batch_execute("INSERT INTO first VALUES (1)").unwrap();
}
