//! The web app: which address is answered by which function, and what they share.

use axum::extract::{FromRef, State};
use axum::routing::{MethodFilter, on};
use axum::{Router, middleware};

use crate::config::Config;
use crate::error::AppError;
use crate::error_log::log_errors;
use crate::pool::Pool;
use crate::shop::number_of_books;

/// What all handlers share. A handler asks for the part that it needs.
#[derive(Clone)]
struct Shop {
    pool: Pool,
}

impl FromRef<Shop> for Pool {
    fn from_ref(shop: &Shop) -> Self {
        shop.pool.clone()
    }
}

/// The app for these settings, ready to be served or tested.
pub fn app(config: &Config) -> Router {
    routes(config).layer(middleware::from_fn(log_errors))
}

/// Which handler answers which address.
fn routes(config: &Config) -> Router {
    // Task: Route `GET /` to `home`, and let all handlers share one pool.
    let window = Router::new().route("/", on(MethodFilter::GET, home));
    Router::new().merge(window).with_state(Shop { pool: Pool::new(config) })
}

/// How many books the shop has, says the database.
async fn home(State(pool): State<Pool>) -> Result<String, AppError> {
    // Task: Run the query on a connection of the pool, and return its result as a sentence.
    let sentence = pool.run(|conn| match number_of_books(conn) {
        Ok(books) => Ok(format!("The shop has {books} books.")),
        Err(error) => Err(AppError::Database(error)),
    });
    sentence.await.unwrap_or_else(|error| Err(AppError::Pool(error)))
}
