//! The web app: which address is answered by which function, and what they share.

mod shared;
mod stock;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::MethodRouter;
use axum::{Router, middleware};

use crate::config::Config;
use crate::error::AppError;
use crate::error_log::log_errors;
use crate::pool::Pool;
use crate::shop::number_of_books;
use shared::{Lost, Shared};
use stock::Stock;

/// The app for these settings, ready to be served or tested.
pub fn app(config: &Config) -> Router {
    routes(config).layer(middleware::from_fn(log_errors))
}

/// Which handler answers which address.
fn routes(config: &Config) -> Router {
    // Task: Route `GET /` to `home`, and let all handlers share one pool.
    let window = Router::new().route("/", MethodRouter::new().get(|pool: State<Pool>| home(pool)));
    let elsewhere = Router::new().fallback(async |State(Lost(text))| (StatusCode::NOT_FOUND, text));
    window.merge(elsewhere).with_state(Shared::from(config))
}

/// How many books the shop has, says the database.
async fn home(State(pool): State<Pool>) -> Result<String, AppError> {
    // Task: Run the query on a connection of the pool, and return its result as a sentence.
    let counted = pool.run(|conn| number_of_books(conn).map(Stock::from)).await?;
    counted.map(|stock| stock.to_string()).map_err(AppError::from)
}
