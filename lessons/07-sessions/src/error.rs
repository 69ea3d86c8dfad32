//! What goes wrong while a request is answered.

use axum::response::{IntoResponse, Response};
use groundwork::error_log::internal_error;
use thiserror::Error;

/// What a handler may return instead of a page.
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
