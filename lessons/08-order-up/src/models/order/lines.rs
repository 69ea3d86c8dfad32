//! What a table orders.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::{OrderError, open_and_mine, why_not};
use crate::models::employee::Employee;
use crate::models::menu::MenuItem;
use crate::schema::{menu_items, order_details, orders};
use groundwork::Db;
use groundwork::write;

/// An item that a guest would like, and how many of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wish {
    pub menu_item_id: i32,
    pub quantity: i32,
}

/// Adds items to an order: all of them, or none. An item that is on the order already, at the same
/// price, gets no second line.
pub fn add(conn: &mut Db, me: &Employee, order_id: i32, wishes: &[Wish], now: i64) -> Result<(), OrderError> {
    // Task: In one `write`, note the change, find all items, and insert a line for each or raise its quantity.
    todo!("In one `write`, note the change, find all items, and insert a line for each or raise its quantity")
}

/// Takes a line off an order.
pub fn remove_line(
    conn: &mut Db,
    me: &Employee,
    order_id: i32,
    line: i32,
    now: i64,
) -> Result<(), OrderError> {
    write(conn, |conn| {
        change(conn, me, order_id, now)?;
        let line = order_details::table.find(line).filter(order_details::order_id.eq(order_id));
        match diesel::delete(line).execute(conn)? {
            0 => Err(OrderError::NoLine),
            _ => Ok(()),
        }
    })
}

/// Notes that the order changes. Until the transaction ends, nobody else can close it.
fn change(conn: &mut Db, me: &Employee, order_id: i32, now: i64) -> Result<(), OrderError> {
    // Task: Set when the order changed, if it is open and mine; if no row has changed, say why.
    todo!("Set when the order changed, if it is open and mine; if no row has changed, say why")
}
