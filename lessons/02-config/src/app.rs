//! The web app: which address is answered by which function, and what they share.

use axum::extract::State;
use axum::routing::get;
use axum::{Router, middleware};

use crate::config::Config;
use crate::error::AppError;
use crate::error_log::log_errors;
use crate::pool::Pool;
use crate::shop::number_of_books;

/// The app for these settings, ready to be served or tested.
pub fn app(config: &Config) -> Router {
    routes(config).layer(middleware::from_fn(log_errors))
}

/// Which handler answers which address.
fn routes(config: &Config) -> Router {
    // Task: Route `GET /` to `home`, and let all handlers share one pool.
    todo!("Route `GET /` to `home`, and let all handlers share one pool")
}

/// How many books the shop has, says the database.
async fn home(State(pool): State<Pool>) -> Result<String, AppError> {
    // Task: Ask the database on a connection of the pool, and say what it answers.
    todo!("Ask the database on a connection of the pool, and say what it answers")
}
