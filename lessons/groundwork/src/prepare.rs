//! Makes the two databases behave alike.

#[cfg(not(feature = "postgres"))]
use std::{
    thread,
    time::{Duration, Instant},
};

#[cfg(not(feature = "postgres"))]
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use crate::database::Db;

/// Changes the settings in which SQLite differs from PostgreSQL, or which depend on how it was
/// compiled.
///
/// # Errors
///
/// When the file is not a database, or cannot be written to.
#[cfg(not(feature = "postgres"))]
pub fn prepare(conn: &mut Db) -> QueryResult<()> {
    conn.batch_execute(
        "PRAGMA busy_timeout = 5000;       -- wait for another writer, up to five seconds
         PRAGMA foreign_keys = ON;         -- refuse a reference to a row that is not there
         PRAGMA case_sensitive_like = ON;  -- 'a%' does not match 'Alice', as in PostgreSQL
         PRAGMA synchronous = FULL;        -- what is committed survives a power cut",
    )?;
    write_ahead(conn)
}

/// From here on readers and a writer of this file do not wait for each other: SQLite writes to a second file first,
/// the write-ahead log (WAL).
///
/// A file is switched only once, and this switch is the one thing for which SQLite does not wait. If several programs
/// open a new file at once, all but one get “database is locked”. So this function retries.
#[cfg(not(feature = "postgres"))]
fn write_ahead(conn: &mut Db) -> QueryResult<()> {
    let start = Instant::now();
    loop {
        match conn.batch_execute("PRAGMA journal_mode = WAL") {
            Err(error) if error.to_string() == "database is locked" && start.elapsed().as_secs() < 5 => {
                thread::sleep(Duration::from_millis(5));
            }
            done => return done,
        }
    }
}

/// PostgreSQL is ready as it is.
///
/// # Errors
///
/// None; the function for SQLite can fail.
#[cfg(feature = "postgres")]
pub fn prepare(_conn: &mut Db) -> QueryResult<()> {
    Ok(())
}
