//! Errors that occur while a request is handled.

use axum::response::{IntoResponse, Response};
use thiserror::Error;

use crate::error_log::internal_error;
use crate::pool::PoolError;

/// The errors that a handler may return instead of a page.
#[derive(Debug, Error)]
pub enum AppError {
    #[error("there is no connection to the database")]
    Pool(#[from] PoolError),
    #[error("the database rejected a statement")]
    Database(#[from] diesel::result::Error),
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        internal_error(self)
    }
}
