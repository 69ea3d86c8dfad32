//! Errors that occur while a request is handled.

use axum::response::{IntoResponse, Response};
use groundwork::error_log::internal_error;
use thiserror::Error;

/// The errors that a handler may return instead of a page.
#[derive(Debug, Error)]
pub enum AppError {
    #[error("the session cannot be read or written")]
    Session(#[from] tower_sessions::session::Error),
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        internal_error(self)
    }
}
