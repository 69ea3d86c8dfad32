//! Order details, the lines of a bill: what a table has ordered.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::upsert::excluded;
use groundwork::order_up::Timestamp;
use groundwork::{Backend, Db, write};

use crate::models::employee::Employee;
use crate::models::menu::MenuItem;
use crate::models::order::{Order, OrderError, open_and_mine, why_not};
use crate::money::Cents;
use crate::schema::{menu_items, order_details, orders};

/// One line of a bill: a quantity of one item, at the price it had when it was ordered.
#[derive(Associations, Clone, Debug, HasQuery, Identifiable, PartialEq)]
#[diesel(table_name = order_details, belongs_to(Order), check_for_backend(Backend))]
pub struct OrderDetail {
    pub id: i32,
    pub order_id: i32,
    pub name: String,
    #[diesel(column_name = price_cents)]
    pub price: Cents,
    pub quantity: i32,
}

impl OrderDetail {
    pub fn total(&self) -> Cents {
        self.price * self.quantity
    }
}

/// An item that a guest orders, and how many of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineRequest {
    pub menu_item_id: i32,
    pub quantity: i32,
}

/// Adds items to an order: all of them, or none. An item that is on the order already, at the same
/// price, gets no second line.
///
/// # Errors
///
/// [`OrderError::NoItem`] if one of the items is not on the menu, [`OrderError::TooMany`] if a line
/// gets too long, and the error of [`why_not`] if the order is not open or `me` may not act on it.
pub fn add(
    conn: &mut Db,
    me: &Employee,
    order_id: i32,
    requests: &[LineRequest],
    now: Timestamp,
) -> Result<(), OrderError> {
    write(conn, |conn| {
        change(conn, me, order_id, now)?;
        let ids = requests.iter().map(|request| request.menu_item_id);
        let items: Vec<MenuItem> = MenuItem::query()
            .filter(menu_items::id.eq_any(ids).and(menu_items::retired_at.is_null()))
            .load(conn)?;
        let items: HashMap<_, _> = items.iter().map(|item| (item.id, item)).collect();
        for request in requests {
            let item = items.get(&request.menu_item_id).ok_or(OrderError::NoItem)?;
            diesel::insert_into(order_details::table)
                .values((
                    order_details::order_id.eq(order_id),
                    order_details::menu_item_id.eq(item.id),
                    order_details::name.eq(&item.name),
                    order_details::price_cents.eq(item.price),
                    order_details::quantity.eq(request.quantity),
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
///
/// # Errors
///
/// [`OrderError::NoLine`] if the order has no such line, and the error of [`why_not`] if the order is
/// not open or `me` may not act on it.
pub fn remove(
    conn: &mut Db,
    me: &Employee,
    order_id: i32,
    id: i32,
    now: Timestamp,
) -> Result<(), OrderError> {
    write(conn, |conn| {
        change(conn, me, order_id, now)?;
        let line = order_details::table.find(id).filter(order_details::order_id.eq(order_id));
        match diesel::delete(line).execute(conn)? {
            0 => Err(OrderError::NoLine),
            _ => Ok(()),
        }
    })
}

/// Notes that the order changes. Until the transaction ends, nobody else can close it.
fn change(conn: &mut Db, me: &Employee, order_id: i32, now: Timestamp) -> Result<(), OrderError> {
    match diesel::update(open_and_mine(me, order_id)).set(orders::changed_at.eq(now)).execute(conn)? {
        0 => Err(why_not(conn, me, order_id)?),
        _ => Ok(()),
    }
}
