//! Bills: orders with everything that is printed for the guests.

use diesel::prelude::*;
use groundwork::Db;

use crate::models::employee::Employee;
use crate::models::order::{self, Order, OrderError};
use crate::models::order_detail::OrderDetail;
use crate::money::Cents;
use crate::schema::order_details;

#[derive(Debug, PartialEq)]
pub struct Bill {
    pub order: Order,
    pub table_number: i32,
    /// The name of the employee who serves the table.
    pub server: String,
    pub lines: Vec<OrderDetail>,
}

impl Bill {
    pub fn total(&self) -> Cents {
        self.lines.iter().map(OrderDetail::total).sum()
    }
}

/// The bill of an order, if `me` may see it.
///
/// # Errors
///
/// [`OrderError::Unknown`] if there is no such order, and [`OrderError::NotYours`] for another
/// server's.
pub fn find(conn: &mut Db, me: &Employee, id: i32) -> Result<Bill, OrderError> {
    let (order, table_number, server) = order::find(conn, me, id)?;
    let lines = OrderDetail::belonging_to(&order)
        .select(OrderDetail::as_select())
        .order(order_details::id)
        .load(conn)?;
    Ok(Bill { order, table_number, server, lines })
}
