//! What happens to orders.

mod add;
mod assign;
mod bill;
mod close;

pub use add::add;
pub use assign::assign;
pub use bill::bill;
pub use close::close;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use diesel::prelude::*;
use groundwork::Db;

use crate::error::{AppError, Refusal};
use crate::models::Order;
use crate::schema::orders;
use crate::security::Employee;

/// The order in an address; what is no number is no order.
pub struct OrderId(i32);

impl<S: Send + Sync> FromRequestParts<S> for OrderId {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let path = Path::from_request_parts(parts, state).await;
        path.map(|Path(id)| Self(id)).map_err(|_| Refusal::NoSuchOrder.into())
    }
}

/// One of the employee's own orders, or, for a manager, anybody's.
fn find_for(employee: &Employee, conn: &mut Db, id: i32) -> Result<Order, AppError> {
    let order = Order::query().filter(orders::id.eq(id)).first(conn).optional()?;
    let order: Order = order.ok_or(Refusal::NoSuchOrder)?;
    if order.employee_id != employee.id && !employee.is_manager {
        return Err(Refusal::SomebodyElsesOrder.into());
    }
    Ok(order)
}

/// Such an order that may still be changed. It stays open to the end of a `write` on SQLite alone.
fn find_open_for(employee: &Employee, conn: &mut Db, id: i32) -> Result<Order, AppError> {
    let order = find_for(employee, conn, id)?;
    if order.closed_at.is_some() { Err(Refusal::OrderIsClosed.into()) } else { Ok(order) }
}
