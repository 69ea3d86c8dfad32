//! The first page. It says which stage is next; in stage 3 the board takes its place.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;
use groundwork::order_up::own_tables::{self, OwnTable};

use crate::app::App;
use crate::error::AppError;

#[derive(Template, WebTemplate)]
#[template(path = "welcome.html")]
pub struct Welcome {
    tables: Vec<OwnTable>,
    rows: i64,
}

pub async fn show(State(app): State<App>) -> Result<Welcome, AppError> {
    let tables = app.pool.run(own_tables::all).await??;
    let rows = tables.iter().map(|table| table.rows).sum();
    Ok(Welcome { tables, rows })
}
