//! Takes back that an order was closed, for somebody who has tapped the wrong button.

use std::time::Duration;

use groundwork::order_up::Timestamp;
use groundwork::{Db, write};

use super::{OrderError, find, reopen};
use crate::models::employee::Employee;

/// How long something can be undone. Later a manager opens the order again: by then the guests may have gone.
pub const UNDO_FOR: Duration = Duration::from_secs(5 * 60);

/// Opens an order that was closed a moment ago, on a business day that began at `day_began`.
///
/// # Errors
///
/// [`OrderError::Closed`] if it was closed too long ago, [`OrderError::NotYours`] if `me` may not act on it, and the
/// errors of [`reopen`].
pub fn undo_close(
    conn: &mut Db,
    me: &Employee,
    id: i32,
    day_began: Timestamp,
    now: Timestamp,
) -> Result<(), OrderError> {
    write(conn, |conn| {
        find(conn, me, id)?;
        let since = day_began.max(now - UNDO_FOR);
        match reopen(conn, me, id, &(since..now + Duration::from_secs(1)), now) {
            Err(OrderError::AnotherDay { table_number }) => Err(OrderError::Closed { table_number }),
            reopened => reopened,
        }
    })
}
