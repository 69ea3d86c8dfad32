//! What goes wrong while a request is answered.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What a handler may return in place of a page.
#[derive(Debug)]
pub enum AppError {
    /// The session could not be read or written.
    Session(tower_sessions::session::Error),
}

impl From<tower_sessions::session::Error> for AppError {
    fn from(error: tower_sessions::session::Error) -> Self {
        Self::Session(error)
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
