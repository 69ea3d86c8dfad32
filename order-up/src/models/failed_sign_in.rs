//! Failed sign-ins are throttled: each failure lengthens the wait for the next attempt, and the right
//! password always gets in.
//!
//! Attempts are counted for an employee number and the address they come from, so that nobody can
//! slow down another person elsewhere.

use std::time::Duration;

use diesel::prelude::*;
use groundwork::order_up::Timestamp;
use groundwork::{Backend, Db, write};

use crate::schema::failed_sign_ins;

/// How many attempts may fail without a wait: people make typos.
const FREE: i32 = 5;

const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Failures are forgotten when there has been no attempt for this long.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(60 * 60);

#[derive(AsChangeset, HasQuery, Insertable)]
#[diesel(table_name = failed_sign_ins, check_for_backend(Backend))]
struct FailedSignIns {
    employee_number: i32,
    address: String,
    failures: i32,
    next_turn_at: Timestamp,
}

/// Takes a turn for an attempt, and returns how long to wait for it, or `None` if too many others
/// are waiting, so this attempt is not allowed at all.
///
/// An attempt counts as a failure until [`forget`] is called, so simultaneous attempts wait one after
/// the other.
///
/// # Errors
///
/// When the database fails.
pub fn take_turn(
    conn: &mut Db,
    employee_number: i32,
    address: &str,
    now: Timestamp,
) -> QueryResult<Option<Duration>> {
    write(conn, |conn| {
        let earlier = FailedSignIns::query().find((employee_number, address)).first(conn).optional()?;
        let (failures, free_at) = match earlier {
            // No turn is this late: the clock was ahead when it was assigned, and has been corrected.
            Some(earlier) if earlier.next_turn_at > now + LONGEST_WAIT => (earlier.failures, now),
            Some(earlier) if now < earlier.next_turn_at + FORGOTTEN_AFTER => {
                (earlier.failures, earlier.next_turn_at)
            }
            _ => (0, now),
        };
        let next_turn_at = free_at.max(now) + wait(failures);
        if next_turn_at > now + LONGEST_WAIT {
            return Ok(None);
        }
        let failures = failures.saturating_add(1);
        let row = FailedSignIns { employee_number, address: address.to_owned(), failures, next_turn_at };
        diesel::insert_into(failed_sign_ins::table)
            .values(&row)
            .on_conflict((failed_sign_ins::employee_number, failed_sign_ins::address))
            .do_update()
            .set(&row)
            .execute(conn)?;
        Ok(Some(next_turn_at.since(now)))
    })
}

/// Deletes the failures of a person who has entered the right password, and all expired ones.
///
/// # Errors
///
/// When the database fails.
pub fn forget(conn: &mut Db, employee_number: i32, address: &str, now: Timestamp) -> QueryResult<usize> {
    let this = failed_sign_ins::employee_number.eq(employee_number).and(failed_sign_ins::address.eq(address));
    let old = failed_sign_ins::next_turn_at.lt(now - FORGOTTEN_AFTER);
    diesel::delete(failed_sign_ins::table.filter(this.or(old))).execute(conn)
}

/// Deletes all failures of a person who has a new password, from every address.
///
/// # Errors
///
/// When the database fails.
pub fn forget_all(conn: &mut Db, employee_number: i32) -> QueryResult<usize> {
    let theirs = failed_sign_ins::employee_number.eq(employee_number);
    diesel::delete(failed_sign_ins::table.filter(theirs)).execute(conn)
}

/// The wait after this many failures, in seconds: 0 five times, then 1, 2, 4, 8, 16, 30, 30, …
fn wait(failures: i32) -> Duration {
    match u32::try_from(failures - FREE) {
        Ok(doublings) => Duration::from_secs(2_u64.saturating_pow(doublings)).min(LONGEST_WAIT),
        Err(_) => Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::wait;

    #[test]
    fn the_wait_doubles_from_one_second_to_thirty() {
        let waits: Vec<_> = (0..13).map(|failures| wait(failures).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30]);
        assert_eq!(wait(i32::MAX).as_secs(), 30);
    }
}
