//! Notices changes of the database, whichever instance of the app or other program makes them.
//!
//! On PostgreSQL, triggers in the migrations `NOTIFY`, and this connection does `LISTEN`. SQLite counts the commits of
//! a file. Diesel can do both, so no other database client is needed.

#[cfg(feature = "postgres")]
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use groundwork::{ConnectError, Db, connect};

/// How often to check that the server is still there.
#[cfg(feature = "postgres")]
const ASKED_EVERY: Duration = Duration::from_secs(1);

/// A connection that is kept open to notice changes.
pub struct Changes {
    pub conn: Db,
    #[cfg(not(feature = "postgres"))]
    seen: i64,
    #[cfg(feature = "postgres")]
    asked_at: Instant,
}

/// Why changes cannot be noticed.
#[derive(Debug, thiserror::Error)]
pub enum ChangesError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error("cannot watch the database for changes")]
    Database(#[from] diesel::result::Error),
}

#[cfg(not(feature = "postgres"))]
#[derive(QueryableByName)]
struct DataVersion {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    data_version: i64,
}

#[cfg(not(feature = "postgres"))]
impl Changes {
    /// Connects. It notices everything that is committed from now on.
    ///
    /// # Errors
    ///
    /// When there is no database.
    pub fn follow(url: &str) -> Result<Self, ChangesError> {
        let mut conn = connect(url)?;
        let seen = data_version(&mut conn)?;
        Ok(Self { conn, seen })
    }

    /// Whether anything was committed since the last call.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub fn are_there(&mut self) -> QueryResult<bool> {
        let now = data_version(&mut self.conn)?;
        Ok(std::mem::replace(&mut self.seen, now) != now)
    }
}

/// A number that differs after each commit of another connection.
#[cfg(not(feature = "postgres"))]
fn data_version(conn: &mut Db) -> QueryResult<i64> {
    let version: DataVersion = sql_query("PRAGMA data_version").get_result(conn)?;
    Ok(version.data_version)
}

#[cfg(feature = "postgres")]
impl Changes {
    /// Connects. It notices everything that is committed from now on.
    ///
    /// # Errors
    ///
    /// When there is no database.
    pub fn follow(url: &str) -> Result<Self, ChangesError> {
        let mut conn = connect(url)?;
        sql_query("LISTEN order_up_changed").execute(&mut conn)?;
        Ok(Self { conn, asked_at: Instant::now() })
    }

    /// Whether anything was committed since the last call.
    ///
    /// # Errors
    ///
    /// When the server is gone.
    pub fn are_there(&mut self) -> QueryResult<bool> {
        // A lost server sends no notifications, which looks like no changes.
        if self.asked_at.elapsed() >= ASKED_EVERY {
            sql_query("SELECT 1").execute(&mut self.conn)?;
            self.asked_at = Instant::now();
        }
        let mut are_there = false;
        for notification in self.conn.notifications_iter() {
            notification?;
            are_there = true;
        }
        Ok(are_there)
    }
}
