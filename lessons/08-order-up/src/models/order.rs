//! Orders: a table is assigned, items are added, the table is closed.

mod error;
mod lines;

use diesel::prelude::*;

use crate::models::employee::{self, Employee};
use crate::models::table;
use crate::money::Cents;
use crate::schema::{employees, order_details, orders, tables};
use groundwork::write;
use groundwork::{Backend, Db};

pub use error::OrderError;
pub use lines::{Wish, add, remove_line};

#[derive(Clone, Debug, HasQuery, Identifiable, PartialEq)]
#[diesel(table_name = orders, check_for_backend(Backend))]
pub struct Order {
    pub id: i32,
    pub employee_id: i32,
    pub table_id: i32,
    pub guests: Option<i32>,
    pub opened_at: i64,
    pub changed_at: i64,
    /// An order is open until it has this.
    pub closed_at: Option<i64>,
}

/// One line of a bill: so many of one item, at the price of when it was ordered.
#[derive(Associations, Clone, Debug, HasQuery, Identifiable, PartialEq)]
#[diesel(table_name = order_details, belongs_to(Order), check_for_backend(Backend))]
pub struct OrderDetail {
    pub id: i32,
    pub order_id: i32,
    pub name: String,
    pub price_cents: i64,
    pub quantity: i32,
}

impl OrderDetail {
    pub fn price(&self) -> Cents {
        Cents(self.price_cents)
    }

    pub fn total(&self) -> Cents {
        Cents(self.price_cents * i64::from(self.quantity))
    }
}

/// An order with everything that is printed on its bill.
#[derive(Debug, PartialEq)]
pub struct Bill {
    pub order: Order,
    pub table_number: i32,
    pub server: String,
    pub lines: Vec<OrderDetail>,
}

impl Bill {
    pub fn total(&self) -> Cents {
        self.lines.iter().map(OrderDetail::total).sum()
    }
}

/// Seats guests at a table: opens an order for it, and returns the order's id.
///
/// # Errors
///
/// [`OrderError::TableTaken`] if it has an open order. The database sees to that, so it also holds
/// for two who assign the table at once.
pub fn assign(
    conn: &mut Db,
    table_id: i32,
    employee_id: i32,
    guests: Option<i32>,
    now: i64,
) -> Result<i32, OrderError> {
    // Task: In one `write`, find the table and the server, and insert an order; name the table if it is taken.
    todo!("In one `write`, find the table and the server, and insert an order; name the table if it is taken")
}

/// The table has paid, and is free again.
pub fn close(conn: &mut Db, me: &Employee, id: i32, now: i64) -> Result<(), OrderError> {
    // Task: Close the order if it is open and mine; if no row has changed, say why.
    todo!("Close the order if it is open and mine; if no row has changed, say why")
}

/// Opens an order that was closed by mistake, while its table is free.
///
/// # Errors
///
/// [`OrderError::TableTaken`] if other guests sit there by now, and [`OrderError::NoTable`] if the
/// table is gone.
pub fn reopen(conn: &mut Db, id: i32) -> Result<(), OrderError> {
    write(conn, |conn| {
        let (order, number, is_in_use) = orders::table
            .inner_join(tables::table)
            .filter(orders::id.eq(id))
            .select((Order::as_select(), tables::number, tables::retired_at.is_null()))
            .first::<(Order, i32, bool)>(conn)
            .optional()?
            .ok_or(OrderError::Unknown)?;
        if !is_in_use {
            return Err(OrderError::NoTable);
        }
        let reopened = diesel::update(&order).set(orders::closed_at.eq(None::<i64>)).execute(conn);
        reopened.map_err(|error| OrderError::from(error).at_table(number))?;
        Ok(())
    })
}

/// What is printed for an order.
///
/// # Errors
///
/// [`OrderError::Unknown`], and [`OrderError::NotYours`] for another server's.
pub fn bill(conn: &mut Db, me: &Employee, id: i32) -> Result<Bill, OrderError> {
    let (order, table_number, server) = orders::table
        .inner_join(tables::table)
        .inner_join(employees::table)
        .filter(orders::id.eq(id))
        .select((Order::as_select(), tables::number, employees::name))
        .first::<(Order, i32, String)>(conn)
        .optional()?
        .ok_or(OrderError::Unknown)?;
    if order.employee_id != me.id && !me.is_manager() {
        return Err(OrderError::NotYours { server });
    }
    let lines = OrderDetail::belonging_to(&order)
        .select(OrderDetail::as_select())
        .order(order_details::id)
        .load(conn)?;
    Ok(Bill { order, table_number, server, lines })
}

/// The order with this id, if it is open and `me` may act on it. An update of it and of nothing
/// else asks and acts in one statement, so nothing can happen between the two.
#[diesel::dsl::auto_type]
fn open_and_mine<'a>(me: &'a Employee, id: i32) -> _ {
    let is_manager: bool = me.is_manager();
    let my_id: i32 = me.id;
    orders::table.filter(
        orders::id
            .eq(id)
            .and(orders::closed_at.is_null())
            .and(orders::employee_id.eq(my_id).or(is_manager.into_sql::<diesel::sql_types::Bool>())),
    )
}

/// Why [`open_and_mine`] has found nothing, for the person who asked.
fn why_not(conn: &mut Db, me: &Employee, id: i32) -> Result<OrderError, OrderError> {
    let Bill { table_number, .. } = bill(conn, me, id)?;
    Ok(OrderError::Closed { table_number })
}
