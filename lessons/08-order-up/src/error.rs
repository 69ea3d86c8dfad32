//! Errors that occur while a request is handled.

use axum::response::{IntoResponse, Response};
use groundwork::PoolError;
use groundwork::error_log::internal_error;
use thiserror::Error;

/// The errors that a handler may return instead of a page. Add variants as the app grows: a user's
/// mistake should not become a 500.
#[derive(Debug, Error)]
pub enum AppError {
    #[error("there was no connection to the database")]
    Pool(#[from] PoolError),
    #[error("the database rejected a statement")]
    Database(#[from] diesel::result::Error),
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        internal_error(self)
    }
}
