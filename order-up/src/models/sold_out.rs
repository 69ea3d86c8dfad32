//! Marks items as sold out for the rest of the business day.
//!
//! The table stores until when an item is sold out, and time passes by itself. If it stored true or false, a job would
//! have to run each morning to clear it, and the menu would stay short whenever that job failed.

use diesel::prelude::*;
use groundwork::order_up::Timestamp;
use groundwork::{Db, write};

use crate::models::employee::Employee;
use crate::models::log::{self, Event};
use crate::models::menu::{MenuError, served};
use crate::schema::menu_items;

/// Marks an item as sold out until a time.
///
/// # Errors
///
/// [`MenuError::Unknown`] if the item is not served.
pub fn mark(
    conn: &mut Db,
    me: &Employee,
    id: i32,
    until: Timestamp,
    now: Timestamp,
) -> Result<(), MenuError> {
    let available = menu_items::sold_out_until.is_null().or(menu_items::sold_out_until.le(now));
    write(conn, |conn| {
        let update = diesel::update(served(id).filter(available)).set(menu_items::sold_out_until.eq(until));
        match update.returning(menu_items::name).get_result(conn).optional()? {
            Some(item) => Ok(log::of_dish(conn, me, &Event::SoldOut { item }, now)?),
            None => is_served(conn, id),
        }
    })
}

/// Makes an item that is sold out available again.
///
/// # Errors
///
/// [`MenuError::Unknown`] if the item is not served.
pub fn undo(conn: &mut Db, me: &Employee, id: i32, now: Timestamp) -> Result<(), MenuError> {
    write(conn, |conn| {
        let sold_out = served(id).filter(menu_items::sold_out_until.gt(now));
        let update = diesel::update(sold_out).set(menu_items::sold_out_until.eq(None::<Timestamp>));
        match update.returning(menu_items::name).get_result(conn).optional()? {
            Some(item) => Ok(log::of_dish(conn, me, &Event::BackOn { item }, now)?),
            None => is_served(conn, id),
        }
    })
}

/// Checks that an item exists that needed no change, because somebody else was faster.
fn is_served(conn: &mut Db, id: i32) -> Result<(), MenuError> {
    Ok(served(id).select(menu_items::id).first::<i32>(conn).map(drop)?)
}
