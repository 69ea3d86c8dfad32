//! What guests have to pay, or have paid.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;
use diesel::prelude::*;
use groundwork::read;

use super::{OrderId, find_for};
use crate::App;
use crate::error::AppError;
use crate::models::{Line, Order};
use crate::schema::lines;
use crate::security::Me;

#[derive(Template, WebTemplate)]
#[template(path = "bill.html")]
pub struct Bill {
    me: Me,
    order: Order,
    lines: Vec<Line>,
}

pub async fn bill(State(app): State<App>, OrderId(id): OrderId, me: Me) -> Result<Bill, AppError> {
    let reader = me.employee.clone();
    let (order, lines) = app
        .pool
        .run(move |conn| {
            read(conn, |conn| {
                let order = find_for(&reader, conn, id)?;
                let lines =
                    Line::belonging_to(&order).select(Line::as_select()).order(lines::id).load(conn)?;
                Ok::<_, AppError>((order, lines))
            })
        })
        .await??;
    Ok(Bill { me, order, lines })
}
