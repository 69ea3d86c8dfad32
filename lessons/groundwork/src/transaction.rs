//! Transactions: several writes as one, and several queries that see the same moment.

use diesel::Connection;
#[cfg(not(feature = "postgres"))]
use diesel::connection::{AnsiTransactionManager, TransactionManager};

use crate::database::Db;

/// Runs `work` as one transaction: all of its writes happen, or, when it returns an error, none.
///
/// On SQLite it takes the right to write at the start (`BEGIN IMMEDIATE`). A plain transaction
/// starts as a reader and asks for that right at its first write; when two have read and both
/// then ask, no waiting can help, because what one of them has read is out of date. SQLite says
/// "database is locked" to that one at once, however long its busy timeout.
///
/// A `write` inside another is a part of it: it succeeds or fails by itself, and is stored when the
/// outer one is.
///
/// # Errors
///
/// That of `work`, or of the database when it cannot begin or commit.
pub fn write<T, E>(conn: &mut Db, work: impl FnOnce(&mut Db) -> Result<T, E>) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    // A depth of `None` means that no transaction is open.
    #[cfg(not(feature = "postgres"))]
    if AnsiTransactionManager::transaction_manager_status_mut(conn).transaction_depth()?.is_none() {
        return conn.immediate_transaction(work);
    }
    conn.transaction(work)
}

/// Runs the queries of `work` on the same moment: what others write in between shows in none of them. Order Up
/// uses it.
///
/// Each query by itself sees what is stored when it begins, so a book that is deleted between two of
/// them would be in one answer and not in the other. PostgreSQL has to be asked for more than that (`REPEATABLE
/// READ`); on SQLite a transaction keeps to the moment of its first read, and saves taking a lock for
/// each query.
///
/// # Errors
///
/// As [`write`].
pub fn read<T, E>(conn: &mut Db, work: impl FnOnce(&mut Db) -> Result<T, E>) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    #[cfg(feature = "postgres")]
    return conn.build_transaction().read_only().repeatable_read().run(work);
    #[cfg(not(feature = "postgres"))]
    return conn.transaction(work);
}
