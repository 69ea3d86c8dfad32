//! What goes wrong while a request is answered.

use axum::response::{IntoResponse, Response};
use groundwork::PoolError;
use groundwork::error_log::internal_error;
use thiserror::Error;

/// What a handler may return in place of a page. It grows with the app: not every mistake is the app's.
#[derive(Debug, Error)]
pub enum AppError {
    #[error("there was no connection to the database")]
    Pool(#[from] PoolError),
    #[error("the database refused a statement")]
    Database(#[from] diesel::result::Error),
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        internal_error(self)
    }
}
