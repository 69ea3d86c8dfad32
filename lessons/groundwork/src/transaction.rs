//! Transactions: several writes as one, and several queries on one snapshot.

use diesel::Connection;
#[cfg(not(feature = "postgres"))]
use diesel::connection::{AnsiTransactionManager, TransactionManager};

use crate::database::Db;

/// Runs `work` as one transaction: all of its writes happen, or, when it returns an error, none.
///
/// On SQLite it takes the write lock at the start (`BEGIN IMMEDIATE`). A plain transaction starts
/// as a reader and asks for that lock at its first write. When two have read and both then ask for the lock, waiting
/// cannot help, because what one of them has read is out of date. SQLite returns “database is
/// locked” to that one at once, no matter how long the busy timeout is.
///
/// A `write` inside another is a savepoint: it can fail on its own, and its changes are committed
/// with the outer one.
///
/// # Errors
///
/// The error of `work`, or the database's error if the transaction cannot begin or commit.
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

/// Runs all queries of `work` on the same snapshot, so that they do not see what others write in
/// between. Order Up uses it.
///
/// Each query by itself sees what is stored when it begins, so a book that is deleted between two of them would be in
/// one result and not in the other. On PostgreSQL, this function asks for `REPEATABLE READ` to prevent that. On SQLite,
/// every transaction keeps the snapshot of its first read, and does not have to take a lock for each query.
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
