//! What goes wrong while a request is answered.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use groundwork::PoolError;
use groundwork::error_log::internal_error;
use thiserror::Error;

/// What a handler may return in place of a page. It grows with the app: not every mistake is the app's.
#[derive(Debug, Error)]
pub enum AppError {
    #[error("there was no connection to the database")]
    Pool(#[from] PoolError),
    #[error("the database rejected a statement")]
    Database(#[from] diesel::result::Error),
    #[error("the session could not be read or stored")]
    Session(#[from] tower_sessions::session::Error),
    #[error("{0} {1}")]
    Refused(StatusCode, String),
}

/// A person's mistake; the middleware `door::required` makes a page of it.
#[derive(Clone)]
pub struct Refusal(pub StatusCode, pub String);

pub fn refused<T>(status: StatusCode, reason: impl Into<String>) -> Result<T, AppError> {
    Err(AppError::Refused(status, reason.into()))
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        match self {
            Self::Refused(status, reason) => {
                let mut response = (status, reason.clone()).into_response();
                response.extensions_mut().insert(Refusal(status, reason));
                response
            }
            error => internal_error(error),
        }
    }
}
