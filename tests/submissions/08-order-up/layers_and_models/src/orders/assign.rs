//! Guests are seated.

use axum::extract::State;
use axum::response::Redirect;
use diesel::prelude::*;
use groundwork::order_up::Timestamp;
use groundwork::{Constraint, Db, violated};

use crate::App;
use crate::error::{AppError, Refusal};
use crate::models::NewOrder;
use crate::schema::{employees, orders, tables};
use crate::security::Fields;

pub async fn assign(State(app): State<App>, fields: Fields) -> Result<Redirect, AppError> {
    let table_number = fields.get("table").parse().map_err(|_| Refusal::NoSuchTable)?;
    let server_id = fields.get("server").parse().map_err(|_| Refusal::NoSuchServer)?;
    let now = app.clock.now();
    let open = move |conn: &mut Db| fields.once(conn, now, |conn| open(conn, table_number, server_id, now));
    app.pool.run(open).await??;
    Ok(Redirect::to("/"))
}

fn open(conn: &mut Db, table_number: i32, employee_id: i32, opened_at: Timestamp) -> Result<(), AppError> {
    let table = tables::table.find(table_number).select(tables::number).first::<i32>(conn).optional()?;
    table.ok_or(Refusal::NoSuchTable)?;
    let retired = employees::table.find(employee_id).select(employees::retired_at.is_not_null());
    match retired.first::<bool>(conn).optional()? {
        None => return Err(Refusal::NoSuchServer.into()),
        Some(true) => return Err(Refusal::ServerHasRetired.into()),
        Some(false) => {}
    }
    let order = NewOrder { table_number, employee_id, opened_at };
    let inserted = diesel::insert_into(orders::table).values(order).execute(conn);
    inserted.map_err(|error| match violated(&error) {
        // The only rule about this column: one open order at a table.
        Some(Constraint::Unique(columns)) if columns == ["orders.table_number"] => {
            Refusal::TableIsTaken(table_number).into()
        }
        _ => AppError::from(error),
    })?;
    Ok(())
}
