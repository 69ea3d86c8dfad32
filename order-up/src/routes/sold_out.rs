//! What is sold out today, for everybody who serves.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use groundwork::order_up::Timestamp;

use crate::app::App;
use crate::done::Done;
use crate::error::AppError;
use crate::id::Id;
use crate::models::menu::{self, MenuItem, Section};
use crate::models::sold_out;
use crate::page::page;
use crate::security::form_token::FormToken;
use crate::security::signed_in::Me;
use crate::submission::AfterRepeat;

pub fn router() -> Router<App> {
    Router::new()
        .route("/sold-out", get(show))
        .route("/sold-out/{id}", post(mark))
        .route("/sold-out/{id}/undo", post(undo))
}

#[derive(Template)]
#[template(path = "sold_out.html")]
struct SoldOutPage {
    me: Me,
    sections: Vec<Section>,
    now: Timestamp,
    notice: Option<String>,
}

impl SoldOutPage {
    fn is_sold_out(&self, item: &MenuItem) -> bool {
        item.is_sold_out(self.now)
    }
}

async fn show(State(app): State<App>, me: Me, after_repeat: AfterRepeat) -> Result<Response, AppError> {
    let sections = app.pool.run(menu::sections).await??;
    let (now, notice) = (app.clock.now(), after_repeat.notice());
    page(StatusCode::OK, &SoldOutPage { me, sections, now, notice })
}

async fn mark(State(app): State<App>, me: Me, Id(id): Id, token: FormToken) -> Result<Response, AppError> {
    let now = app.clock.now();
    let until = app.config.business_days.around(now)?.end;
    let work = move |conn: &mut _| sold_out::mark(conn, &me.employee, id, until, now);
    Ok(token.spend(&app, work).await??.redirect_to("/sold-out", Done::SoldOut))
}

async fn undo(State(app): State<App>, me: Me, Id(id): Id, token: FormToken) -> Result<Response, AppError> {
    let now = app.clock.now();
    let work = move |conn: &mut _| sold_out::undo(conn, &me.employee, id, now);
    Ok(token.spend(&app, work).await??.redirect_to("/sold-out", Done::BackOn))
}
