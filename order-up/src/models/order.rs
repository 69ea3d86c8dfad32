//! Orders: a table is assigned, and closed when its guests have paid.

mod error;
pub mod transfer;
pub mod undo;

use std::ops::Range;

use diesel::prelude::*;
use groundwork::order_up::Timestamp;
use groundwork::{Backend, Db, write};

use crate::models::employee::{self, Employee};
use crate::models::log::{self, Event};
use crate::models::table::{self, Table};
use crate::schema::{employees, orders, tables};

pub use error::OrderError;

#[derive(Clone, Debug, HasQuery, Identifiable, PartialEq)]
#[diesel(table_name = orders, check_for_backend(Backend))]
pub struct Order {
    pub id: i32,
    pub employee_id: i32,
    pub table_id: i32,
    pub guests: Option<i32>,
    pub opened_at: Timestamp,
    /// When an item was last added or removed.
    pub changed_at: Timestamp,
    /// An order is open until this is set.
    pub closed_at: Option<Timestamp>,
}

impl Order {
    /// Whether the order is open, or was closed within this time.
    pub fn is_open_or_of(&self, day: &Range<Timestamp>) -> bool {
        self.closed_at.is_none_or(|closed_at| day.contains(&closed_at))
    }
}

/// Seats guests at a table: opens an order for it, and returns the order's id.
///
/// # Errors
///
/// [`OrderError::TableTaken`] if the table has an open order. The database enforces that, so it also
/// holds for two people who assign the table at once. [`OrderError::NoTable`] and
/// [`OrderError::NoServer`] if the table is not in use, or the employee has left.
pub fn assign(
    conn: &mut Db,
    table_id: i32,
    employee_id: i32,
    guests: Option<i32>,
    now: Timestamp,
) -> Result<i32, OrderError> {
    write(conn, |conn| {
        let table = table::find(conn, table_id)?.ok_or(OrderError::NoTable)?;
        let server = employee::active(conn, employee_id)?.ok_or(OrderError::NoServer)?;
        open(conn, &table, &server, guests, now)
    })
}

/// Opens an order at a table, and returns its id.
///
/// # Errors
///
/// [`OrderError::TableTaken`] if the table has an open order.
pub fn open(
    conn: &mut Db,
    table: &Table,
    server: &Employee,
    guests: Option<i32>,
    now: Timestamp,
) -> Result<i32, OrderError> {
    let values = (
        orders::employee_id.eq(server.id),
        orders::table_id.eq(table.id),
        orders::guests.eq(guests),
        orders::opened_at.eq(now),
        orders::changed_at.eq(now),
    );
    let id = diesel::insert_into(orders::table).values(values).returning(orders::id).get_result(conn);
    id.map_err(|error| OrderError::at_table(table.number, error))
}

/// Closes an order: the guests have paid, and their table is free again.
///
/// # Errors
///
/// The error of [`why_not`], if the order is not open or `me` may not act on it.
pub fn close(conn: &mut Db, me: &Employee, id: i32, now: Timestamp) -> Result<(), OrderError> {
    write(conn, |conn| {
        match diesel::update(open_and_mine(me, id)).set(orders::closed_at.eq(now)).execute(conn)? {
            0 => Err(why_not(conn, me, id)?),
            _ => {
                log::of_order(conn, me, id, &Event::Closed, None, now)?;
                Ok(())
            }
        }
    })
}

/// Opens an order that was closed by mistake, while its table is free. It must have been closed within `today`: what
/// was sold on a day stays as it was counted.
///
/// # Errors
///
/// [`OrderError::AnotherDay`] if it was not, [`OrderError::TableTaken`] if other guests sit there by now,
/// [`OrderError::NoTable`] if the table is gone, and [`OrderError::Unknown`] if there is no such order.
pub fn reopen(
    conn: &mut Db,
    me: &Employee,
    id: i32,
    today: &Range<Timestamp>,
    now: Timestamp,
) -> Result<(), OrderError> {
    write(conn, |conn| {
        let (order, number, is_in_use) = orders::table
            .inner_join(tables::table)
            .filter(orders::id.eq(id))
            .select((Order::as_select(), tables::number, tables::retired_at.is_null()))
            .first::<(Order, i32, bool)>(conn)
            .optional()?
            .ok_or(OrderError::Unknown)?;
        if !order.is_open_or_of(today) {
            return Err(OrderError::AnotherDay { table_number: number });
        }
        if !is_in_use {
            return Err(OrderError::NoTable);
        }
        let closed = orders::table.find(id).filter(orders::closed_at.is_not_null());
        let reopened = diesel::update(closed).set(orders::closed_at.eq(None::<Timestamp>)).execute(conn);
        match reopened.map_err(|error| OrderError::at_table(number, error))? {
            // It is open: somebody else may have been faster.
            0 => Ok(()),
            _ => {
                log::of_order(conn, me, id, &Event::Reopened, None, now)?;
                Ok(())
            }
        }
    })
}

/// The order with this id, the number of its table and the name of its server, if `me` may see it.
///
/// # Errors
///
/// [`OrderError::Unknown`] if there is none, and [`OrderError::NotYours`] for another server's.
pub fn find(conn: &mut Db, me: &Employee, id: i32) -> Result<(Order, i32, String), OrderError> {
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
    Ok((order, table_number, server))
}

/// The order with this id, if it is open and `me` may act on it. An update of this query checks and
/// acts in one statement, so nothing can happen in between.
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

/// Notes that the order changes, and returns it. Until the transaction ends, nobody else can change or close it.
///
/// # Errors
///
/// The error of [`why_not`], if the order is not open or `me` may not act on it.
pub(super) fn change(conn: &mut Db, me: &Employee, id: i32, now: Timestamp) -> Result<Order, OrderError> {
    let update = diesel::update(open_and_mine(me, id)).set(orders::changed_at.eq(now));
    match update.returning(Order::as_returning()).get_result(conn).optional()? {
        None => Err(why_not(conn, me, id)?),
        Some(order) => Ok(order),
    }
}

/// Why [`open_and_mine`] has found nothing, for the person who tried.
///
/// # Errors
///
/// The same reasons, if the order cannot be found.
fn why_not(conn: &mut Db, me: &Employee, id: i32) -> Result<OrderError, OrderError> {
    let (_, table_number, _) = find(conn, me, id)?;
    Ok(OrderError::Closed { table_number })
}
