//! Order details, the lines of a bill: what a table has ordered.

pub mod quantity;
pub mod undo;

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::upsert::excluded;
use groundwork::order_up::Timestamp;
use groundwork::{Backend, Db, write};

use crate::models::employee::Employee;
use crate::models::menu::MenuItem;
use crate::models::order::{Order, OrderError, change};
use crate::money::Cents;
use crate::schema::{menu_items, order_details};

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
    /// What the guest wants otherwise, such as `no onions`; often empty.
    pub note: String,
}

impl OrderDetail {
    pub fn total(&self) -> Cents {
        self.price * self.quantity
    }
}

/// Portions that a line gets.
#[derive(Insertable)]
#[diesel(table_name = order_details, check_for_backend(Backend))]
struct NewDetail<'a> {
    order_id: i32,
    menu_item_id: i32,
    name: &'a str,
    #[diesel(column_name = price_cents)]
    price: Cents,
    quantity: i32,
    note: &'a str,
}

/// An item that a guest orders, how many of it, and what the guest wants otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct LineRequest {
    pub menu_item_id: i32,
    pub quantity: i32,
    pub note: String,
}

impl LineRequest {
    /// A dish as it is.
    pub fn plain(menu_item_id: i32, quantity: i32) -> Self {
        Self { menu_item_id, quantity, note: String::new() }
    }
}

/// Adds items to an order: all of them, or none. An item that is on the order already, at the same
/// price and with the same note, gets no second line.
///
/// # Errors
///
/// [`OrderError::NoItem`] if one of the items is not on the menu, [`OrderError::SoldOut`] if one has run
/// out, [`OrderError::TooMany`] if a line gets too long, and the error of [`change`] if the order is not
/// open or `me` may not act on it.
pub fn add(
    conn: &mut Db,
    me: &Employee,
    order_id: i32,
    requests: &[LineRequest],
    now: Timestamp,
) -> Result<(), OrderError> {
    write(conn, |conn| {
        change(conn, me, order_id, now)?;
        let ids: Vec<_> = requests.iter().map(|request| request.menu_item_id).collect();
        let items = available(conn, &ids, now)?;
        for request in requests {
            let item = items.get(&request.menu_item_id).ok_or(OrderError::NoItem)?;
            let new = NewDetail {
                order_id,
                menu_item_id: item.id,
                name: &item.name,
                price: item.price,
                quantity: request.quantity,
                note: &request.note,
            };
            put(conn, &new)?;
        }
        Ok(())
    })
}

/// Puts portions on an order: on the line for them, or on a new one. Returns the line's id.
fn put(conn: &mut Db, new: &NewDetail<'_>) -> QueryResult<i32> {
    diesel::insert_into(order_details::table)
        .values(new)
        .on_conflict((
            order_details::order_id,
            order_details::menu_item_id,
            order_details::price_cents,
            order_details::note,
        ))
        .do_update()
        .set(order_details::quantity.eq(order_details::quantity + excluded(order_details::quantity)))
        .returning(order_details::id)
        .get_result(conn)
}

/// The items with these ids, by id.
///
/// # Errors
///
/// [`OrderError::NoItem`] if one of them is not on the menu, and [`OrderError::SoldOut`] if one has run out.
fn available(conn: &mut Db, ids: &[i32], now: Timestamp) -> Result<HashMap<i32, MenuItem>, OrderError> {
    let served = MenuItem::query().filter(menu_items::id.eq_any(ids).and(menu_items::retired_at.is_null()));
    // If somebody is marking one of these as sold out, this waits for them and sees it; or they wait for this. On
    // SQLite, nobody else can write now.
    #[cfg(feature = "postgres")]
    let served = served.for_share();
    let items = served.load::<MenuItem>(conn)?;
    if let Some(item) = items.iter().find(|item| item.is_sold_out(now)) {
        return Err(OrderError::SoldOut { item: item.name.clone() });
    }
    let items: HashMap<_, _> = items.into_iter().map(|item| (item.id, item)).collect();
    if ids.iter().all(|id| items.contains_key(id)) { Ok(items) } else { Err(OrderError::NoItem) }
}
