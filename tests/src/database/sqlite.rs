//! SQLite: a file in a temporary folder.

use std::collections::HashMap;
use std::path::PathBuf;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use tempfile::TempDir;

use crate::sql_log::unlogged;

pub type Db = SqliteConnection;

/// SQLite has no server.
pub fn server_log() -> Option<PathBuf> {
    None
}

pub struct Place {
    url: String,
    _folder: TempDir,
}

impl Place {
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("kata-").tempdir();
        let folder = folder.unwrap_or_else(|error| panic!("cannot make a temporary folder: {error}"));
        let file = folder.path().join("bookshop.db");
        let url = file.to_str().expect("the temporary folder's path is Unicode").to_owned();
        Self { url, _folder: folder }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The URLs that lead to it.
    pub fn urls(&self) -> [String; 2] {
        [self.url.clone(), format!("sqlite://{}", self.url)]
    }

    /// The URL of a database of this name that nobody has opened yet.
    pub fn never_opened(&self, name: &str) -> String {
        format!("{}.{name}", self.url)
    }

    /// `synchronous = OFF`: the gate's own rows need not survive a power cut.
    pub fn connect(&self) -> Db {
        let conn = Db::establish(&self.url).and_then(|mut conn| {
            conn.batch_execute(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
                 PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;",
            )
            .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
            Ok(conn)
        });
        conn.unwrap_or_else(|error| panic!("cannot open {}: {error}", self.url))
    }
}

/// From here on rows that nobody has put in an order come in the reverse one, so that a missing
/// order shows; and nobody waits for the disk, as no power cut is part of a gate.
pub fn ready(conn: &mut Db) {
    let set = conn.batch_execute("PRAGMA reverse_unordered_selects = ON; PRAGMA synchronous = OFF");
    set.unwrap_or_else(|error| panic!("the connection does not work: {error}"));
}

/// Whether somebody holds the right to write.
pub fn lock_probe(url: &str) -> impl FnMut() -> bool + Send + use<> {
    let conn = unlogged(|| Db::establish(url));
    let mut conn = conn.unwrap_or_else(|error| panic!("cannot open {url}: {error}"));
    // Without a busy timeout it is refused at once.
    move || conn.batch_execute("BEGIN IMMEDIATE; ROLLBACK").is_err()
}

/// URLs that `connect` must refuse, each with what is wrong with it and with `password` in it.
pub fn bad_urls(password: &str) -> [(&'static str, String); 7] {
    [
        ("a URL of another kind of database", format!("postgresql://book_user:{password}@localhost/books")),
        ("one that begins with another word", format!("postgres://book_user:{password}@localhost/books")),
        ("text that is not a URL", format!("books/{password}\0.db")),
        ("no text", String::new()),
        ("one that begins with what is not a word", format!("{password}@localhost://books")),
        ("the right kind, and something that no URL has", format!("sqlite://{password}\0.db")),
        ("a database that is out of reach", "/no/such/folder/books.db".to_owned()),
    ]
}

/// A number of pages that is an error when somebody reads it: a text cannot be an offset. There is no function in it,
/// since a connection can replace each of SQLite's with one of its own.
pub const UNREADABLE: &str = "(SELECT 1 LIMIT 1 OFFSET 'unreadable')";
pub const BEFORE_UNREADABLE: &str = "";

/// Makes the database refuse rows.
pub fn refuse(table: &str, condition: &str) -> String {
    format!(
        "CREATE TRIGGER refused_by_the_gate BEFORE INSERT ON {table} WHEN {condition}
         BEGIN SELECT RAISE(ABORT, 'the gate refuses this row'); END"
    )
}

pub fn refuse_no_more(_table: &str) -> String {
    "DROP TRIGGER refused_by_the_gate".to_owned()
}

/// How the database would run a statement: a line for each step, indented below the step that it is a part of.
pub fn plan(conn: &mut Db, sql: &str) -> QueryResult<Vec<String>> {
    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Integer)]
        id: i32,
        #[diesel(sql_type = Integer)]
        parent: i32,
        #[diesel(sql_type = Text)]
        detail: String,
    }

    let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(conn)?;
    let mut depths = HashMap::from([(0, 0)]);
    let line = |step: Step| {
        let depth = depths.get(&step.parent).copied().unwrap_or(0);
        depths.insert(step.id, depth + 1);
        format!("{}{}", "  ".repeat(depth), step.detail)
    };
    Ok(steps.into_iter().map(line).collect())
}

/// From here on the connection changes nothing.
pub const ONLY_READ: &str = "PRAGMA query_only = ON";

/// A query for whatever migrations can make, such as `view old_books`.
pub const OBJECTS: &str = "SELECT type || ' ' || name AS name FROM sqlite_schema WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~' \
                           AND tbl_name <> '__diesel_schema_migrations' \
                           UNION ALL SELECT 'version ' || user_version FROM pragma_user_version WHERE user_version <> 0";

/// A query for the names of all tables.
pub const TABLES: &str = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' \
                          AND name <> '__diesel_schema_migrations'";

/// A query for the columns of `{table}`, including generated ones. A key of one integer cannot be empty, whatever
/// SQLite reports; one of several columns can, unless they are `NOT NULL`.
pub const COLUMNS: &str = "SELECT name, lower(type) AS type, cid AS place, \
                           CASE WHEN \"notnull\" = 1 OR (pk > 0 AND lower(type) = 'integer' AND 1 = \
                           (SELECT count(*) FROM pragma_table_info('{table}') WHERE pk > 0)) THEN 'no' ELSE 'yes' END AS may_be_null, \
                           CASE WHEN pk > 0 THEN 'yes' ELSE 'no' END AS in_key FROM pragma_table_xinfo('{table}')";

/// What a connection is set to do, of what `prepare` decides.
pub const SETTINGS: &str = "(SELECT foreign_keys FROM pragma_foreign_keys) || ' ' || (SELECT timeout FROM pragma_busy_timeout) \
                            || ' ' || (SELECT synchronous FROM pragma_synchronous) \
                            || ' ' || (SELECT journal_mode FROM pragma_journal_mode)";

/// A query for the foreign keys of `{table}`: the column here, the table and column there, what a delete there does.
pub const FOREIGN_KEYS: &str = "SELECT \"from\" AS name, \"table\" AS target, coalesce(\"to\", 'id') AS target_column, \
                                lower(on_delete) AS on_delete FROM pragma_foreign_key_list('{table}')";

/// The function that makes a JSON array of a row.
pub const JSON_ARRAY: &str = "json_array";

/// A reader does not wait for writers here.
pub const DO_NOT_WAIT: &str = "";
