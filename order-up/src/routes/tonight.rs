//! All tables, for every employee. A script keeps the page up to date. The page also works without it.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::App;
use crate::error::AppError;
use crate::live::parts::TonightPart;
use crate::models::tonight::places;
use crate::page::page;
use crate::security::headers::OF_LIVE_PAGE;
use crate::security::signed_in::Me;

pub fn router() -> Router<App> {
    Router::new().route("/tonight", get(show))
}

#[derive(Template)]
#[template(path = "tonight.html")]
struct TonightPage {
    me: Me,
    part: String,
    /// The time of day at which the tables were read.
    time: String,
}

async fn show(State(app): State<App>, me: Me) -> Result<Response, AppError> {
    let now = app.clock.now();
    let places = app.pool.run(places).await??;
    let part = TonightPart { places: &places, prices: &app.config.prices, now }.render()?;
    let time = app.config.business_days.time(now);
    let page = page(StatusCode::OK, &TonightPage { me, part, time })?;
    Ok(([OF_LIVE_PAGE], page).into_response())
}
