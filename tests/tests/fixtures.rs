//! The fixtures that gates stand on.

#[cfg(not(feature = "postgres"))]
use diesel::connection::set_default_instrumentation;
use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use gates::{Bookshop, Database, read_dotenv, read_setup_sql};
use groundwork::connect;
use groundwork::migrations::{AUTHORS, BOOKS, Migrations};

const MIGRATIONS: Migrations = Migrations(&[BOOKS, AUTHORS]);

diesel::table! {
    books (id) {
        id -> Integer,
        title -> Text,
    }
}

#[test]
fn each_gate_has_its_own_log() {
    let (one, other) = (Database::empty(), Database::empty());
    let (mut conn, mut other_conn) = (one.connect(connect), other.connect(connect));
    conn.batch_execute("SELECT 1").unwrap();
    other_conn.batch_execute("SELECT 2").unwrap();
    assert_eq!(one.sql(), ["SELECT 1"]);
    assert_eq!(other.sql(), ["SELECT 2"]);
}

#[test]
fn the_log_reads_the_same_on_both_databases() {
    let shop = Bookshop::open(&MIGRATIONS);
    let mut conn = shop.db.connect(connect);
    books::table.find(1).first::<(i32, String)>(&mut conn).optional().unwrap();
    insta::assert_snapshot!(
        shop.db.sql().join("\n"),
        @r#"SELECT "books"."id", "books"."title" FROM "books" WHERE ("books"."id" = ?) LIMIT ?"#
    );
}

#[test]
fn the_fixtures_own_statements_are_not_in_the_log() {
    let mut shop = Bookshop::open(&MIGRATIONS);
    shop.db.rows("id", "books ORDER BY id");
    assert!(shop.db.sql().is_empty());
}

#[test]
fn other_instrumentation_hides_nothing() {
    let database = Database::empty();
    let mut conn = database.connect(connect);
    conn.batch_execute("SELECT 1").unwrap();
    conn.set_instrumentation(|_: InstrumentationEvent<'_>| {});
    conn.batch_execute("SELECT 2").unwrap();
    assert_eq!(database.sql(), ["SELECT 1", "SELECT 2"]);
    assert_eq!(database.statements(), ["SELECT 1", "SELECT 2"]);
}

#[test]
fn a_statement_is_shown_with_its_binds_and_why_it_was_refused() {
    let shop = Bookshop::open(&MIGRATIONS);
    let mut conn = shop.db.connect(connect);
    books::table.find(77).load::<(i32, String)>(&mut conn).unwrap();
    conn.batch_execute("SELECT nothing").unwrap_err();
    let shown = shop.db.statements();
    assert!(shown[0].ends_with(" -- binds: [77]"), "{shown:?}");
    assert_eq!(shown[1], "SELECT nothing");
    assert!(shown[2].starts_with("-- refused: ") && shown[2].contains("nothing"), "{shown:?}");
    // A remark is not a statement.
    assert_eq!(shop.db.sql().len(), 2);
}

#[test]
fn foreign_key_actions_belong_to_their_statement() {
    let shop = Bookshop::open(&MIGRATIONS);
    let mut conn = shop.db.connect(connect);
    for _ in 0..2 {
        conn.batch_execute(&format!("DELETE FROM authors WHERE id = {}", shop.authors[0].id)).unwrap();
    }
    assert_eq!(shop.db.sql().len(), 2);
}

#[test]
#[cfg(not(feature = "postgres"))]
fn each_statement_of_a_batch_is_logged() {
    let database = Database::with("CREATE TABLE books (id INTEGER)");
    let mut conn = database.connect(connect);
    conn.batch_execute("PRAGMA [a -- ]; UPDATE books SET id = id; PRAGMA foreign_keys = ON;\nSELECT 1")
        .unwrap();
    assert_eq!(database.sql(), ["PRAGMA [a -- ];", "UPDATE books SET id = id;", "SELECT 1"]);
}

#[test]
fn a_transaction_is_not_a_query() {
    let database = Database::empty();
    let mut conn = database.connect(connect);
    groundwork::read(&mut conn, |conn| conn.batch_execute("SELECT 1")).unwrap();
    groundwork::write(&mut conn, |conn| groundwork::write(conn, |conn| conn.batch_execute("SELECT 2")))
        .unwrap();
    assert_eq!(database.queries(), ["SELECT 1", "SELECT 2"]);
    assert_eq!(database.sql().len(), 8);
}

#[test]
fn leftovers_on_a_lent_connection_do_not_affect_the_gate() {
    let mut database = Database::with("CREATE TABLE books (id INTEGER); INSERT INTO books VALUES (1)");
    database.lend(|conn| conn.batch_execute("CREATE TEMP VIEW books AS SELECT 2 AS id").unwrap());
    assert_eq!(database.rows("id", "books"), "id\n1");
    assert!(database.sql().is_empty());
}

#[test]
fn a_lent_connection_that_is_kept_is_in_the_log() {
    let database = Database::empty();
    let mut kept = Database::empty().connect(connect);
    database.lend(|conn| std::mem::swap(conn, &mut kept));
    kept.batch_execute("SELECT 1").unwrap();
    assert_eq!(database.sql(), ["SELECT 1"]);
}

#[test]
#[cfg(not(feature = "postgres"))]
fn a_database_by_another_name_is_logged_where_a_gate_runs_alone() {
    assert!(alone("a_database_by_another_name").contains("1 passed"));
}

/// What a test prints that runs in a process of its own.
#[cfg(not(feature = "postgres"))]
fn alone(test: &str) -> String {
    let mut program = std::process::Command::new(std::env::current_exe().unwrap());
    let output = program.args(["--exact", test, "--ignored", "--nocapture"]).output().unwrap();
    [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat()
}

#[test]
#[ignore = "runs in a process of its own, started by the test before it"]
#[cfg(not(feature = "postgres"))]
fn a_database_by_another_name() {
    let database = Database::empty();
    let mut conn = connect(&database.url().replace("/bookshop", "/./bookshop")).unwrap();
    conn.batch_execute("CREATE TABLE books (id INTEGER)").unwrap();
    assert!(database.sql().contains(&"CREATE TABLE books (id INTEGER)".to_owned()));
}

#[test]
#[cfg(not(feature = "postgres"))]
fn connections_without_instrumentation_count() {
    assert!(alone("a_connection_without_instrumentation").contains("1 passed"));
}

#[test]
#[cfg(not(feature = "postgres"))]
fn a_connection_opened_inside_the_gates_own_is_reported() {
    let text = alone("a_connection_inside_the_fixtures_own");
    assert!(text.contains("somebody has opened a connection while the gate opened its own"), "{text}");
}

#[test]
#[ignore = "runs in a process of its own, as it replaces the instrumentation of all"]
#[cfg(not(feature = "postgres"))]
fn a_connection_inside_the_fixtures_own() {
    let database = Database::empty();
    set_default_instrumentation(|| {
        thread_local!(static IS_INSIDE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) });
        if !IS_INSIDE.replace(true) {
            connect(":memory:").unwrap();
            IS_INSIDE.set(false);
        }
        None
    })
    .unwrap();
    database.interrupt(0, || {}, || {});
}

#[test]
#[ignore = "runs in a process of its own, as it takes the instrumentation from all"]
#[cfg(not(feature = "postgres"))]
fn a_connection_without_instrumentation() {
    let database = Database::empty();
    set_default_instrumentation(|| None).unwrap();
    let mut conn = database.connect(connect);
    conn.batch_execute("SELECT 1").unwrap();
    assert_eq!((database.connections(), database.sql()), (1, vec!["SELECT 1".to_owned()]));
    let mut other = database.connect(connect);
    let meanwhile = || other.batch_execute("SELECT 2").unwrap();
    let ((), before) = database.interrupt(0, meanwhile, || conn.batch_execute("SELECT 3").unwrap());
    assert_eq!(before.map(|(_, statement)| statement), Some("SELECT 3".to_owned()));
}

#[test]
fn a_database_is_dropped_with_its_gate() {
    let database = Database::empty();
    let url = database.url().to_owned();
    assert!(connect(&url).is_ok());
    drop(database);
    assert!(connect(&url).is_err());
}

#[test]
fn the_stock_has_what_the_gates_rely_on() {
    let shop = Bookshop::open(&MIGRATIONS);
    let books_of = |author: usize| {
        let id = Some(shop.authors[author].id);
        shop.books.iter().filter(move |book| book.author_id == id).collect::<Vec<_>>()
    };
    let long = books_of(0).iter().filter(|book| book.pages >= Some(shop.long)).count();
    let short = books_of(0).iter().filter(|book| book.pages < Some(shop.long)).count();
    assert!(long >= 2 && short >= 1, "the first author has two long books and a short one");
    assert!(books_of(4).is_empty(), "the last author has no books");
    assert!(shop.books.iter().any(|book| book.pages == Some(shop.long)), "one book is long by no page");
    assert!(shop.books.iter().any(|book| book.pages.is_none()), "one book's pages are not known");
    assert!(shop.books.iter().any(|book| book.author_id.is_none()), "one book has no author");
    let begin = |word: &str| shop.books.iter().filter(|book| book.title.starts_with(word)).count();
    assert!(begin(shop.word) >= 2 && begin(&shop.word.to_lowercase()) >= 1);
    assert!(begin(&shop.hundred) == 1 && begin(shop.hundred.trim_end_matches('%')) == 2);
    let of_second = books_of(1);
    assert!(of_second.iter().all(|book| book.pages < Some(shop.long)), "the second author has no long book");
    let pages: i32 = of_second.iter().filter_map(|book| book.pages).sum();
    assert!(pages >= shop.long && of_second.iter().any(|book| book.pages.is_none()));
    let gap = shop.gap();
    assert!(shop.books.iter().any(|book| book.id < gap) && shop.books.iter().any(|book| book.id > gap));
    let alike = shop.books.iter().filter(|book| book.title == shop.twin().title);
    assert_eq!(alike.map(|book| book.id).max(), Some(shop.twin().id));
}

#[test]
fn the_next_id_is_one_more_than_the_highest() {
    let mut shop = Bookshop::open(&MIGRATIONS);
    let highest = shop.books.last().unwrap().id;
    let insert = diesel::insert_into(books::table).values(books::title.eq("New"));
    let id = insert.returning(books::id).get_result::<i32>(&mut shop.db.connect(connect));
    assert_eq!(id.unwrap(), highest + 1);
    assert_eq!(shop.db.rows("max(id)", "books"), format!("max(id)\n{}", highest + 1));
}

#[test]
fn every_way_to_write_a_role_and_its_database_is_understood() {
    let as_written = read_setup_sql("CREATE USER a WITH PASSWORD 'p'; CREATE DATABASE d WITH OWNER a;");
    for other in [
        "create role a login password 'p'; create database d owner = a;",
        "CREATE ROLE \"a\" WITH LOGIN ENCRYPTED PASSWORD 'p';\nCREATE DATABASE d; ALTER DATABASE d OWNER TO a;",
        "-- a comment\nCREATE USER a PASSWORD 'p'; /* another */ CREATE DATABASE d OWNER 'a'",
    ] {
        assert_eq!(read_setup_sql(other), as_written, "{other}");
    }
}

#[test]
fn a_mistake_in_setup_sql_is_reported_with_its_line() {
    insta::assert_snapshot!(read_setup_sql("CREATE USER a PASSWORD 'p';\nCREATE DATABSE d;"), @"line 2, at CREATE: expected command, found CREATE_KW");
}

#[test]
fn excess_rights_and_an_owner_created_too_late_are_reported() {
    let sql = "CREATE DATABASE d OWNER a; CREATE USER a PASSWORD 'p' SUPERUSER NOCREATEDB CREATEROLE;";
    insta::assert_snapshot!(read_setup_sql(sql), @r"
    database d: no statement before it creates the role a
    role a: can sign in, password 'p', superuser, createrole
    database d: owner a
    ");
}

#[test]
fn a_role_that_cannot_sign_in_is_reported() {
    insta::assert_snapshot!(read_setup_sql("CREATE ROLE a PASSWORD 'p'; CREATE DATABASE d;"), @"
    role a: cannot sign in, password 'p'
    database d: owner (nobody named)
    ");
}

#[test]
fn a_dotenv_is_shown_in_parts() {
    insta::assert_snapshot!(read_dotenv("DATABASE_URL='postgres://a:p@127.0.0.1:6543/d'\nSECRET=x y"), @"
    DATABASE_URL
      kind      postgresql
      role      a
      password  p
      host      localhost
      port      6543
      database  d
    not NAME=value: x y
    ");
}
