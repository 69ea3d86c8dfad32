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
    let shared = Pool::new(config);
    let window: Router<Pool> = Router::new().route("/", get(home));
    window.with_state(shared)
}

/// How many books the shop has, says the database.
async fn home(State(pool): State<Pool>) -> Result<String, AppError> {
    // Task: Run the query on a connection of the pool, and return its result as a sentence.
    match pool.run(number_of_books).await {
        Err(no_connection) => Err(AppError::Pool(no_connection)),
        Ok(Err(refused)) => Err(AppError::Database(refused)),
        Ok(Ok(books)) => Ok(format!("The shop has {books} books.")),
    }
}
