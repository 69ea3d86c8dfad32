//! The page of one order, open or closed.

use askama::Template;
use askama_web::WebTemplate;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use diesel::prelude::*;

use crate::App;
use crate::board::{Line, total};
use crate::door::Me;
use crate::error::{AppError, refused};
use crate::schema::{lines, orders};

#[derive(Template, WebTemplate)]
#[template(path = "bill.html")]
pub struct BillPage {
    me: Option<Me>,
    table: i32,
    lines: Vec<Line>,
}

pub async fn show(
    State(app): State<App>,
    Extension(me): Extension<Me>,
    Path(order): Path<i32>,
) -> Result<BillPage, AppError> {
    let bill = app
        .pool
        .run(move |conn| {
            let table = orders::table.find(order).select(orders::table_number).first::<i32>(conn);
            let Some(table) = table.optional()? else {
                return refused(StatusCode::NOT_FOUND, "There is no such order.");
            };
            let lines = Line::query().filter(lines::order_id.eq(order)).order(lines::id).load(conn)?;
            Ok((table, lines))
        })
        .await?;
    let (table, lines) = bill?;
    Ok(BillPage { me: Some(me), table, lines })
}
