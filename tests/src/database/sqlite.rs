//! SQLite: a file in a temporary folder.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use tempfile::TempDir;

use crate::sql_log::unlogged;

pub type Db = SqliteConnection;

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

    /// `synchronous = OFF`: the gate's own rows need not survive a power cut.
    pub fn connect(&self) -> Db {
        let conn = unlogged(|| Db::establish(&self.url)).and_then(|mut conn| {
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
pub fn bad_urls(password: &str) -> [(&'static str, String); 2] {
    [
        ("a URL of another kind of database", format!("postgresql://book_user:{password}@localhost/books")),
        ("a database that is out of reach", "/no/such/folder/books.db".to_owned()),
    ]
}

/// A number of pages of which SQLite finds out that it is too large when somebody reads it.
pub const UNREADABLE: &str = "abs(-9223372036854775807 - 1 + 0 * id)";
pub const BEFORE_UNREADABLE: &str = "";

/// A query for the names of all tables.
pub const TABLES: &str = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' \
                          AND name <> '__diesel_schema_migrations'";

/// A query for the columns of `{table}`. A key of one integer cannot be empty, whatever SQLite
/// says of it; one of several columns can, unless they are `NOT NULL`.
pub const COLUMNS: &str = "SELECT name, lower(type) AS type, cid AS place, \
                           CASE WHEN \"notnull\" = 1 OR (pk > 0 AND lower(type) = 'integer' AND 1 = \
                           (SELECT count(*) FROM pragma_table_info('{table}') WHERE pk > 0)) THEN 'no' ELSE 'yes' END AS may_be_null, \
                           CASE WHEN pk > 0 THEN 'yes' ELSE 'no' END AS in_key FROM pragma_table_info('{table}')";
