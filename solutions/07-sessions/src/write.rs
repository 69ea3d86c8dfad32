//! The one way in which this app writes more than one thing.

#[cfg(feature = "postgres")]
use diesel::Connection;

use crate::connect::Db;

/// Runs `work` as one transaction: all of its writes happen, or, when it returns an error, none.
///
/// On SQLite it takes the right to write at the start (`BEGIN IMMEDIATE`). A plain transaction
/// starts as a reader and asks for that right at its first write; when two have read and both
/// then ask, no waiting can help, because what one of them has read is out of date. SQLite says
/// "database is locked" to that one at once, however long its busy timeout.
pub fn write<T, E>(conn: &mut Db, work: impl FnOnce(&mut Db) -> Result<T, E>) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    #[cfg(not(feature = "postgres"))]
    return conn.immediate_transaction(work);
    #[cfg(feature = "postgres")]
    return conn.transaction(work);
}
