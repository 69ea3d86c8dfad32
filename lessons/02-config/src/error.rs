//! What goes wrong while a request is answered.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::pool::PoolError;

/// Everything that a handler may return in place of a page.
#[derive(Debug)]
pub enum AppError {
    /// No connection was to be had.
    Pool(PoolError),
    /// The database refused a statement.
    Database(diesel::result::Error),
}

impl From<PoolError> for AppError {
    fn from(error: PoolError) -> Self {
        Self::Pool(error)
    }
}

impl From<diesel::result::Error> for AppError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error)
    }
}

/// Visitors learn that something went wrong, and nothing about the database.
impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let mut response =
            (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong. It has been written down.")
                .into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Writes down what went wrong: in one place, with the address that was asked for.
pub async fn log_errors(request: Request, next: Next) -> Response {
    let asked = format!("{} {}", request.method(), request.uri().path());
    let response = next.run(request).await;
    if let Some(error) = response.extensions().get::<Arc<AppError>>() {
        eprintln!("{asked}: {error:?}");
    }
    response
}
