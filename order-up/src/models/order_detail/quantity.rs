//! Changes the quantity of a line: more, fewer, or none at all.
//!
//! The person has read the old quantity on a page that may be minutes old. If somebody else has added two beers in the
//! meantime, setting four to three would take back three of six. So the form also sends the quantity that it showed,
//! and the change is made only if that is still the quantity.

use std::cmp::Ordering;

use diesel::prelude::*;
use groundwork::order_up::Timestamp;
use groundwork::{Db, write};

use super::{OrderDetail, available, undo};
use crate::models::employee::Employee;
use crate::models::log::{self, Event};
use crate::models::order::{OrderError, change};
use crate::schema::order_details;

/// A new quantity for a line.
#[derive(Clone, Debug)]
pub struct NewQuantity {
    /// The quantity that the person saw.
    pub from: i32,
    /// The new quantity. 0 deletes the line.
    pub to: i32,
    /// Required if the new quantity is smaller.
    pub reason: Option<String>,
}

/// The line of an order.
///
/// # Errors
///
/// [`OrderError::NoLine`] if the order has no such line.
pub fn find(conn: &mut Db, order_id: i32, id: i32) -> Result<OrderDetail, OrderError> {
    let line = OrderDetail::query().find(id).filter(order_details::order_id.eq(order_id));
    line.first(conn).optional()?.ok_or(OrderError::NoLine)
}

/// Changes the quantity of a line, and logs who did it and why. More of it is an order like any other. If something was
/// taken back, returns the id of the log's entry, with which it can be undone.
///
/// # Errors
///
/// [`OrderError::NoReason`] if something is taken back without one, [`OrderError::OtherQuantity`] if the quantity is
/// no longer `new.from`, [`OrderError::NoLine`] if the order has no such line, the error of [`available`] if there is
/// to be more of it, and the error of [`change`] if the order is not open or `me` may not act on it.
pub fn set(
    conn: &mut Db,
    me: &Employee,
    order_id: i32,
    id: i32,
    new: &NewQuantity,
    now: Timestamp,
) -> Result<Option<i32>, OrderError> {
    let NewQuantity { from, to, ref reason } = *new;
    write(conn, |conn| {
        // From here on, nobody else can change a line of this order, so the line that is read next stays as it is.
        change(conn, me, order_id, now)?;
        let OrderDetail { name: item, note, price, quantity, .. } = find(conn, order_id, id)?;
        if quantity != from {
            return Err(OrderError::OtherQuantity { item, quantity });
        }
        let event = match to.cmp(&from) {
            Ordering::Equal => return Ok(None),
            Ordering::Greater => {
                let ordered = order_details::table.find(id).select(order_details::menu_item_id);
                let menu_item_id = ordered.first(conn)?;
                available(conn, &[menu_item_id], now)?;
                Event::Raised { item, note, price, from, to }
            }
            Ordering::Less if reason.is_none() => return Err(OrderError::NoReason),
            Ordering::Less => {
                let portions = Some(undo::portions(conn, id, from, to)?);
                Event::TakenBack { item, note, price, quantity: from - to, left: to, portions }
            }
        };
        let line = order_details::table.find(id);
        if to == 0 {
            diesel::delete(line).execute(conn)?;
        } else {
            diesel::update(line).set(order_details::quantity.eq(to)).execute(conn)?;
        }
        let entry = log::of_order(conn, me, order_id, &event, reason.as_deref(), now)?;
        Ok((to < from).then_some(entry))
    })
}
