//! Puts back what was taken off an order, for somebody who has tapped the wrong button.
//!
//! Taking something off changes a row or deletes it, and then nobody can read what was there. The entry in the log can
//! still be read, so it also keeps what the tables lose: when the portions were ordered, and how many of them were
//! cooked. An entry that is complete can be undone.
//!
//! Undoing does not delete the entry, because the log only grows. It adds another one, which names the first. When two
//! people undo the same, the second finds the entry of the first. Looking for that entry and adding it are two
//! statements, but nobody can come in between, because [`change`] has locked the order.

use std::cmp::min;

use diesel::dsl::sum;
use diesel::prelude::*;
use groundwork::order_up::Timestamp;
use groundwork::{Db, write};

use super::{NewDetail, put};
use crate::models::employee::Employee;
use crate::models::log::{self, Event, Portions};
use crate::models::order::undo::UNDO_FOR;
use crate::models::order::{OrderError, change};
use crate::schema::{cooked_portions, order_details, ordered_portions};

/// What is stored about the portions of a line that are about to be taken off: all but `left` of `quantity`.
///
/// # Errors
///
/// When the database fails.
pub(super) fn portions(conn: &mut Db, line: i32, quantity: i32, left: i32) -> QueryResult<Portions> {
    let stored = order_details::table.find(line).select((order_details::menu_item_id, order_details::cooked));
    // The order is locked, but the kitchen does not need that lock. On SQLite, nobody else can write now.
    #[cfg(feature = "postgres")]
    let stored = stored.for_update();
    let (menu_item_id, cooked): (i32, i32) = stored.get_result(conn)?;
    let ordered: Vec<(i32, Timestamp)> = ordered_portions::table
        .filter(ordered_portions::order_detail_id.eq(line))
        .order((ordered_portions::ordered_at.desc(), ordered_portions::id.desc()))
        .select((ordered_portions::quantity, ordered_portions::ordered_at))
        .load(conn)?;
    let marked = cooked_portions::table
        .filter(cooked_portions::order_detail_id.eq(line))
        .order(cooked_portions::id)
        .select((cooked_portions::quantity, cooked_portions::cooked_at));
    // The marks of the kitchen are deleted with the line.
    let marked = if left == 0 { marked.load(conn)? } else { Vec::new() };
    Ok(Portions {
        menu_item_id,
        cooked: (cooked - left).max(0),
        ordered: earliest(&ordered, quantity, left),
        marked,
    })
}

/// The portions that are taken off, the earliest first. The latest stay, because those are what the kitchen counts as
/// not yet cooked. In `ordered`, the latest are first.
fn earliest(ordered: &[(i32, Timestamp)], quantity: i32, left: i32) -> Vec<(i32, Timestamp)> {
    let (mut stay, mut go, mut earliest) = (left, quantity - left, Vec::new());
    for &(portions, ordered_at) in ordered {
        let staying = min(portions, stay);
        let going = min(portions - staying, go);
        (stay, go) = (stay - staying, go - going);
        if going > 0 {
            earliest.push((going, ordered_at));
        }
    }
    earliest.reverse();
    earliest
}

/// Puts back what the log's entry with the id `entry` took off, on a business day that began at `day_began`.
///
/// # Errors
///
/// [`OrderError::TooLate`] if it was taken off too long ago, has been put back already, or never was on this order,
/// [`OrderError::TooMany`] if the line has got too long for it, and the error of [`change`] if the order is not open or
/// `me` may not act on it.
pub fn undo(
    conn: &mut Db,
    me: &Employee,
    order_id: i32,
    entry: i32,
    day_began: Timestamp,
    now: Timestamp,
) -> Result<(), OrderError> {
    write(conn, |conn| {
        change(conn, me, order_id, now)?;
        let since = day_began.max(now - UNDO_FOR);
        let found = log::find(conn, order_id, entry)?.filter(|found| found.logged_at >= since);
        let Some(Event::TakenBack { item, note, price, quantity, left, portions: Some(portions) }) =
            found.map(|found| found.event)
        else {
            return Err(OrderError::TooLate);
        };
        if log::is_put_back(conn, order_id, entry)? {
            return Err(OrderError::TooLate);
        }
        let new = NewDetail {
            order_id,
            menu_item_id: portions.menu_item_id,
            name: &item,
            price,
            quantity,
            note: &note,
        };
        let line = put(conn, &new)?;
        restore_times(conn, line, left, &portions.ordered)?;
        restore_cooked(conn, line, &portions)?;
        log::of_order(conn, me, order_id, &Event::PutBack { item, note, price, quantity, entry }, None, now)?;
        Ok(())
    })
}

/// The guests have been waiting since they ordered, so this replaces the time that the trigger has noted.
fn restore_times(conn: &mut Db, line: i32, left: i32, ordered: &[(i32, Timestamp)]) -> QueryResult<()> {
    let of_line = ordered_portions::table.filter(ordered_portions::order_detail_id.eq(line));
    let noted = of_line.select(ordered_portions::id).order(ordered_portions::id.desc());
    let noted: i32 = noted.first(conn)?;
    diesel::delete(ordered_portions::table.find(noted)).execute(conn)?;

    let known: Option<i64> = of_line.select(sum(ordered_portions::quantity)).first(conn)?;
    let quantity: i32 = order_details::table.find(line).select(order_details::quantity).first(conn)?;
    // If some of the line was left, the times of all its portions are still there.
    if left > 0 && known.unwrap_or(0) >= i64::from(quantity) {
        return Ok(());
    }
    let values = ordered.iter().map(|&(quantity, ordered_at)| {
        (
            ordered_portions::order_detail_id.eq(line),
            ordered_portions::quantity.eq(quantity),
            ordered_portions::ordered_at.eq(ordered_at),
        )
    });
    diesel::insert_into(ordered_portions::table).values(values.collect::<Vec<_>>()).execute(conn)?;
    Ok(())
}

/// What was cooked need not be cooked again, unless the kitchen has taken back its mark in the meantime.
fn restore_cooked(conn: &mut Db, line: i32, portions: &Portions) -> QueryResult<()> {
    let values = portions.marked.iter().map(|&(quantity, cooked_at)| {
        (
            cooked_portions::order_detail_id.eq(line),
            cooked_portions::quantity.eq(quantity),
            cooked_portions::cooked_at.eq(cooked_at),
        )
    });
    diesel::insert_into(cooked_portions::table).values(values.collect::<Vec<_>>()).execute(conn)?;

    let of_line = cooked_portions::table.filter(cooked_portions::order_detail_id.eq(line));
    let marked: Option<i64> = of_line.select(sum(cooked_portions::quantity)).first(conn)?;
    let marked = marked.and_then(|marked| i32::try_from(marked).ok()).unwrap_or(0);
    let stored = order_details::table.find(line);
    let cooked: i32 = stored.select(order_details::cooked).first(conn)?;
    let cooked = min(cooked + portions.cooked, marked).max(cooked);
    diesel::update(stored).set(order_details::cooked.eq(cooked)).execute(conn)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portions_taken_off_are_those_ordered_first() {
        let [early, late] = [100, 200].map(Timestamp);
        let ordered = [(1, late), (2, early)];
        assert_eq!(earliest(&ordered, 3, 0), [(2, early), (1, late)]);
        assert_eq!(earliest(&ordered, 3, 1), [(2, early)]);
        assert_eq!(earliest(&ordered, 3, 2), [(1, early)]);
        // One was taken off before, whose time is still there.
        assert_eq!(earliest(&ordered, 2, 0), [(1, early), (1, late)]);
        assert_eq!(earliest(&ordered, 2, 1), [(1, early)]);
        assert_eq!(earliest(&[], 2, 1), []);
    }
}
