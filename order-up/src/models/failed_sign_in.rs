//! Who tries passwords waits, longer with each try; who knows the password is never locked out.
//!
//! Tries are counted for an employee number and the address they come from, so that nobody can slow
//! down another person elsewhere.

use diesel::prelude::*;

use crate::schema::failed_sign_ins;
use groundwork::write;
use groundwork::{Backend, Db};

/// So many tries may fail without a wait: people mistype.
const FREE: i32 = 5;

/// The longest wait, in seconds.
const LONGEST: i64 = 30;

/// Failures are forgotten when nobody has tried for so long. In seconds.
const FORGOTTEN_AFTER: i64 = 60 * 60;

#[derive(AsChangeset, HasQuery, Insertable)]
#[diesel(table_name = failed_sign_ins, check_for_backend(Backend))]
struct Tries {
    employee_number: i32,
    address: String,
    failures: i32,
    next_turn_at: i64,
}

/// Takes a turn to try: the seconds to wait for it, or `None` if so many others are waiting already
/// that this one is not to be tried at all.
///
/// A try counts as a failure until [`forget`] says otherwise, so tries that are made at once wait one
/// after the other.
pub fn take_turn(conn: &mut Db, number: i32, address: &str, now: i64) -> QueryResult<Option<i64>> {
    write(conn, |conn| {
        let tries = Tries::query().find((number, address)).first(conn).optional()?;
        let (failures, free_at) = match tries {
            Some(tries) if now - tries.next_turn_at < FORGOTTEN_AFTER => (tries.failures, tries.next_turn_at),
            _ => (0, now),
        };
        let turn = free_at.max(now) + wait(failures);
        if turn - now > LONGEST {
            return Ok(None);
        }
        let failures = failures.saturating_add(1);
        let tries =
            Tries { employee_number: number, address: address.to_owned(), failures, next_turn_at: turn };
        diesel::insert_into(failed_sign_ins::table)
            .values(&tries)
            .on_conflict((failed_sign_ins::employee_number, failed_sign_ins::address))
            .do_update()
            .set(&tries)
            .execute(conn)?;
        Ok(Some(turn - now))
    })
}

/// The try was right: this person starts anew. Also deletes what is forgotten by now.
pub fn forget(conn: &mut Db, number: i32, address: &str, now: i64) -> QueryResult<usize> {
    let this = failed_sign_ins::employee_number.eq(number).and(failed_sign_ins::address.eq(address));
    let old = failed_sign_ins::next_turn_at.lt(now - FORGOTTEN_AFTER);
    diesel::delete(failed_sign_ins::table.filter(this.or(old))).execute(conn)
}

/// The wait, in seconds, after so many failures: 0 five times, then 1, 2, 4, 8, 16, 30, 30, …
fn wait(failures: i32) -> i64 {
    match u32::try_from(failures - FREE) {
        Ok(doublings) => 2_i64.saturating_pow(doublings).min(LONGEST),
        Err(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::wait;

    #[test]
    fn the_wait_doubles_from_one_second_to_thirty() {
        let waits: Vec<_> = (0..13).map(wait).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30]);
        assert_eq!(wait(i32::MAX), 30);
    }
}
