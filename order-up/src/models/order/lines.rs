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
    write(conn, |conn| {
        change(conn, me, order_id, now)?;
        let ids = wishes.iter().map(|wish| wish.menu_item_id);
        let items: Vec<MenuItem> = MenuItem::query()
            .filter(menu_items::id.eq_any(ids).and(menu_items::retired_at.is_null()))
            .load(conn)?;
        let items: HashMap<_, _> = items.iter().map(|item| (item.id, item)).collect();
        for wish in wishes {
            let item = items.get(&wish.menu_item_id).ok_or(OrderError::NoItem)?;
            diesel::insert_into(order_details::table)
                .values((
                    order_details::order_id.eq(order_id),
                    order_details::menu_item_id.eq(item.id),
                    order_details::name.eq(&item.name),
                    order_details::price_cents.eq(item.price_cents),
                    order_details::quantity.eq(wish.quantity),
                ))
                .on_conflict((
                    order_details::order_id,
                    order_details::menu_item_id,
                    order_details::price_cents,
                ))
                .do_update()
                .set(order_details::quantity.eq(order_details::quantity + excluded(order_details::quantity)))
                .execute(conn)?;
        }
        Ok(())
    })
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
    match diesel::update(open_and_mine(me, order_id)).set(orders::changed_at.eq(now)).execute(conn)? {
        0 => Err(why_not(conn, me, order_id)?),
        _ => Ok(()),
    }
}
