//! Moves an order to another table, or hands it over to another server.
//!
//! Each begins with an `UPDATE` that finds the order if it is open and the person may act on it, and keeps others from
//! changing it. Nothing checks beforehand whether the other table is free: the index of the open orders rejects a
//! second order at the same table.

use diesel::prelude::*;
use groundwork::order_up::Timestamp;
use groundwork::{Db, write};

use super::{OrderError, change};
use crate::models::employee::{self, Employee};
use crate::models::log::{self, Event};
use crate::models::table;
use crate::schema::{orders, tables};

/// Moves an order to another table.
///
/// # Errors
///
/// [`OrderError::TableTaken`] if other guests sit there, [`OrderError::NoTable`] if it is not in use, and the error of
/// [`change`] if the order is not open or `me` may not act on it.
pub fn move_to_table(
    conn: &mut Db,
    me: &Employee,
    id: i32,
    table_id: i32,
    now: Timestamp,
) -> Result<(), OrderError> {
    write(conn, |conn| {
        let table = table::find(conn, table_id)?.ok_or(OrderError::NoTable)?;
        let order = change(conn, me, id, now)?;
        if order.table_id == table.id {
            return Ok(());
        }
        let moved = diesel::update(&order).set(orders::table_id.eq(table.id)).execute(conn);
        moved.map_err(|error| OrderError::at_table(table.number, error))?;
        let from = tables::table.find(order.table_id).select(tables::number).first(conn)?;
        log::of_order(conn, me, id, &Event::Moved { from }, None, now)?;
        Ok(())
    })
}

/// Hands an order over to another server.
///
/// # Errors
///
/// [`OrderError::NoServer`] if they have left, and the error of [`change`] if the order is not open or `me` may not
/// act on it.
pub fn hand_over(
    conn: &mut Db,
    me: &Employee,
    id: i32,
    employee_id: i32,
    now: Timestamp,
) -> Result<(), OrderError> {
    write(conn, |conn| {
        let server = employee::active(conn, employee_id)?.ok_or(OrderError::NoServer)?;
        let order = change(conn, me, id, now)?;
        if order.employee_id == server.id {
            return Ok(());
        }
        diesel::update(&order).set(orders::employee_id.eq(server.id)).execute(conn)?;
        let event =
            Event::HandedOver { from: employee::find(conn, order.employee_id)?.name, to: server.name };
        log::of_order(conn, me, id, &event, None, now)?;
        Ok(())
    })
}
