//! Guests have paid.

use axum::extract::State;
use axum::response::Redirect;
use diesel::prelude::*;
use groundwork::Db;

use super::{OrderId, find_open_for};
use crate::App;
use crate::error::{AppError, Refusal};
use crate::schema::orders;
use crate::security::{Fields, Me};

pub async fn close(
    State(app): State<App>,
    OrderId(id): OrderId,
    me: Me,
    fields: Fields,
) -> Result<Redirect, AppError> {
    let now = app.clock.now();
    let close = move |conn: &mut Db| {
        fields.once(conn, now, |conn| {
            find_open_for(&me.employee, conn, id)?;
            // Asks again, for a database on which others write meanwhile.
            let closed = diesel::update(orders::table.find(id).filter(orders::closed_at.is_null()))
                .set(orders::closed_at.eq(now))
                .execute(conn)?;
            if closed == 0 { Err(Refusal::OrderIsClosed.into()) } else { Ok(()) }
        })
    };
    app.pool.run(close).await??;
    Ok(Redirect::to("/"))
}
