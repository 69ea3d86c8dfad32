//! The web app: which function handles which path, and the state they share.

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
    Router::new().route("/", get(home)).with_state(Pool::new(config))
}

/// Reports how many books the database has in stock.
async fn home(State(pool): State<Pool>) -> Result<String, AppError> {
    // Task: Run the query on a connection of the pool, and return its result as a sentence.
    let books = pool.run(number_of_books).await??;
    Ok(format!("The shop has {books} books."))
}
