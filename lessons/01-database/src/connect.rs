//! Opens the database that a URL names.

mod error;
mod url;

#[cfg(not(feature = "postgres"))]
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

pub use error::ConnectError;

/// The database that this build speaks: SQLite, or PostgreSQL with `--features postgres`.
#[cfg(not(feature = "postgres"))]
pub type Db = SqliteConnection;
#[cfg(feature = "postgres")]
pub type Db = PgConnection;

/// What Diesel needs to know about [`Db`] to check a query while it compiles.
pub type Backend = <Db as Connection>::Backend;

/// Opens the database that `url` names, ready for use.
///
/// # Errors
///
/// Says what is wrong with the URL or the database and what to do; never shows a password.
pub fn connect(url: &str) -> Result<Db, ConnectError> {
    // Task: Check the URL, open the connection and prepare it.
    todo!("Check the URL, open the connection and prepare it")
}

/// Switches on what SQLite leaves off for the sake of old programs.
#[cfg(not(feature = "postgres"))]
pub fn prepare(conn: &mut Db) -> QueryResult<()> {
    conn.batch_execute(
        "PRAGMA busy_timeout = 5000;       -- wait for another writer, up to five seconds
         PRAGMA foreign_keys = ON;         -- refuse a reference to a row that is not there
         PRAGMA case_sensitive_like = ON;  -- 'a%' does not match 'Alice', as in PostgreSQL
         PRAGMA journal_mode = WAL;        -- readers and a writer do not wait for each other
         PRAGMA synchronous = FULL;        -- what is committed survives a power cut",
    )
}

/// PostgreSQL is ready as it is.
#[cfg(feature = "postgres")]
pub fn prepare(_conn: &mut Db) -> QueryResult<()> {
    Ok(())
}
