//! The one way in which this app writes more than one thing.

use diesel::Connection;
#[cfg(not(feature = "postgres"))]
use diesel::connection::{AnsiTransactionManager, TransactionManager};

use crate::connect::Db;

/// Runs `work` as one transaction: all of its writes happen, or, when it returns an error, none.
///
/// On SQLite it takes the right to write at the start (`BEGIN IMMEDIATE`). A plain transaction
/// starts as a reader and asks for that right at its first write; when two have read and both
/// then ask, no waiting can help, because what one of them has read is out of date. SQLite says
/// "database is locked" to that one at once, however long its busy timeout.
///
/// A `write` inside another is a part of it: it succeeds or fails by itself, and is stored when the
/// outer one is.
pub fn write<T, E>(conn: &mut Db, work: impl FnOnce(&mut Db) -> Result<T, E>) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    #[cfg(not(feature = "postgres"))]
    if AnsiTransactionManager::transaction_manager_status_mut(conn).transaction_depth()?.is_none() {
        return conn.immediate_transaction(work);
    }
    conn.transaction(work)
}
