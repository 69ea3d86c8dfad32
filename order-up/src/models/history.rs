//! Orders that have been paid.

use diesel::prelude::*;
use groundwork::Db;
use groundwork::order_up::Timestamp;

use crate::models::bill::Bill;
use crate::models::order::Order;
use crate::models::order_detail::OrderDetail;
use crate::schema::{employees, order_details, orders, tables};

/// The orders that were closed from `start` on and before `end`, the first to be closed first.
///
/// # Errors
///
/// When the database fails.
pub fn closed_between(conn: &mut Db, start: Timestamp, end: Timestamp) -> QueryResult<Vec<Bill>> {
    let rows: Vec<(Order, i32, String)> = orders::table
        .inner_join(tables::table)
        .inner_join(employees::table)
        .filter(orders::closed_at.ge(start).and(orders::closed_at.lt(end)))
        .order((orders::closed_at, orders::id))
        .select((Order::as_select(), tables::number, employees::name))
        .load(conn)?;
    // A subquery and not a list of ids: a busy day may have more orders than a statement can have
    // parameters.
    let closed =
        orders::table.filter(orders::closed_at.ge(start).and(orders::closed_at.lt(end))).select(orders::id);
    let lines: Vec<OrderDetail> = order_details::table
        .filter(order_details::order_id.eq_any(closed))
        .select(OrderDetail::as_select())
        .order(order_details::id)
        .load(conn)?;
    let orders: Vec<_> = rows.iter().map(|(order, ..)| order).collect();
    let lines = lines.grouped_by(&orders);
    let bills = rows.into_iter().zip(lines);
    Ok(bills
        .map(|((order, table_number, server), lines)| Bill { order, table_number, server, lines })
        .collect())
}
