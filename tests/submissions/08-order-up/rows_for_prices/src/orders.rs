//! What is done with orders.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Redirect;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Integer};
use groundwork::{Constraint, Db, violated};

use crate::App;
use crate::door::{Employee, Fields, Frame, Once};
use crate::error::{AppError, MOST_AT_ONCE, Refusal};
use crate::seed::Id;

/// Gives a free table to a server.
pub async fn assign(
    State(app): State<App>,
    Extension(fields): Extension<Fields>,
    Extension(once): Extension<Once>,
) -> Result<Redirect, AppError> {
    let table: i32 = fields.get("table").parse().map_err(|_| Refusal::NoSuchTable)?;
    let server: i32 = fields.get("server").parse().map_err(|_| Refusal::NoSuchServer)?;
    let work = move |conn: &mut Db| {
        sql_query("SELECT number AS id FROM dining_tables WHERE number = ?")
            .bind::<Integer, _>(table)
            .get_result::<Id>(conn)
            .optional()?
            .ok_or(Refusal::NoSuchTable)?;
        let order = sql_query(
            "INSERT INTO orders (table_number, server_id)
             SELECT ?, id FROM employees WHERE id = ? AND retired_at IS NULL RETURNING id",
        )
        .bind::<Integer, _>(table)
        .bind::<Integer, _>(server)
        .get_result::<Id>(conn)
        .optional()?
        .ok_or(Refusal::NoSuchServer)?;
        sql_query("INSERT INTO seatings (table_number, order_id) VALUES (?, ?)")
            .bind::<Integer, _>(table)
            .bind::<Integer, _>(order.id)
            .execute(conn)
            .map_err(|error| match violated(&error) {
                Some(Constraint::Unique(columns)) if columns == ["seatings.table_number"] => {
                    Refusal::Taken(table).into()
                }
                _ => AppError::from(error),
            })?;
        Ok(())
    };
    once.work(&app, "/", work).await
}

#[derive(QueryableByName)]
struct Standing {
    #[diesel(sql_type = Integer)]
    server_id: i32,
    #[diesel(sql_type = Bool)]
    is_open: bool,
}

/// Whether the order is open; a refusal, when it is none of this employee's business.
pub fn check(conn: &mut Db, order: i32, me: &Employee) -> Result<bool, AppError> {
    let standing = sql_query(
        "SELECT server_id, EXISTS (SELECT 1 FROM seatings WHERE order_id = orders.id) AS is_open
         FROM orders WHERE id = ?",
    )
    .bind::<Integer, _>(order)
    .get_result::<Standing>(conn)
    .optional()?
    .ok_or(Refusal::NoSuchOrder)?;
    if standing.server_id != me.id && !me.is_manager {
        return Err(Refusal::NotYours.into());
    }
    Ok(standing.is_open)
}

/// The guests have paid.
pub async fn close(
    State(app): State<App>,
    Path(order): Path<String>,
    Extension(frame): Extension<Frame>,
    Extension(once): Extension<Once>,
) -> Result<Redirect, AppError> {
    let order: i32 = order.parse().map_err(|_| Refusal::NoSuchOrder)?;
    let work = move |conn: &mut Db| {
        check(conn, order, &frame.me)?;
        let left =
            sql_query("DELETE FROM seatings WHERE order_id = ?").bind::<Integer, _>(order).execute(conn)?;
        if left == 1 { Ok(()) } else { Err(Refusal::Closed.into()) }
    };
    once.work(&app, "/", work).await
}

/// What is checked on the menu: prices by their id, and how many.
fn ordered(fields: &Fields) -> Result<Vec<(i32, i32)>, Refusal> {
    let ordered: Vec<_> = fields
        .checked("dish")
        .map(|dish| {
            let price_id = dish.parse().map_err(|_| Refusal::NotOnMenu)?;
            let quantity = match fields.get(&format!("how_many_{dish}")) {
                "" => 1,
                typed => typed.parse().map_err(|_| Refusal::NoQuantity)?,
            };
            if (1..=MOST_AT_ONCE).contains(&quantity) {
                Ok((price_id, quantity))
            } else {
                Err(Refusal::NoQuantity)
            }
        })
        .collect::<Result<_, _>>()?;
    if ordered.is_empty() { Err(Refusal::NothingChecked) } else { Ok(ordered) }
}

/// Adds what is checked on the menu to an order.
pub async fn add(
    State(app): State<App>,
    Path(order): Path<String>,
    Extension(frame): Extension<Frame>,
    Extension(fields): Extension<Fields>,
    Extension(once): Extension<Once>,
) -> Result<Redirect, AppError> {
    let order = order.parse().map_err(|_| Refusal::NoSuchOrder)?;
    let ordered = ordered(&fields)?;
    let work = move |conn: &mut Db| {
        if !check(conn, order, &frame.me)? {
            return Err(Refusal::Closed.into());
        }
        for (price_id, quantity) in ordered {
            let added = sql_query(
                "INSERT INTO lines (order_id, price_id, quantity) SELECT ?, price_id, ? FROM on_menu WHERE price_id = ?
                 ON CONFLICT (order_id, price_id) DO UPDATE SET quantity = quantity + excluded.quantity",
            )
            .bind::<Integer, _>(order)
            .bind::<Integer, _>(quantity)
            .bind::<Integer, _>(price_id)
            .execute(conn)?;
            if added == 0 {
                return Err(Refusal::NotOnMenu.into());
            }
        }
        Ok(())
    };
    once.work(&app, "/", work).await
}
