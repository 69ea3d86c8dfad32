//! Visitors learn that something went wrong, and nothing about the database. The log has the error itself.

use std::error::Error;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use groundwork::causes::with_causes;

/// The error behind a response, for [`log_errors`]: a response can carry values that are not sent.
#[derive(Clone)]
struct Cause(Arc<dyn Error + Send + Sync>);

/// The answer to a visitor whose page failed with `error`.
pub fn internal_error(error: impl Error + Send + Sync + 'static) -> Response {
    let mut response =
        (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong. The error has been logged.")
            .into_response();
    response.extensions_mut().insert(Cause(Arc::new(error)));
    response
}

/// Logs each [`internal_error`] in one place: the address that was requested, and the error with its causes, as in
/// `GET /: the database rejected a statement: no such table: shop`.
pub async fn log_errors(request: Request, next: Next) -> Response {
    let requested = format!("{} {}", request.method(), request.uri().path());
    let response = next.run(request).await;
    if let Some(Cause(error)) = response.extensions().get() {
        eprintln!("{requested}: {}", with_causes(error.as_ref()));
    }
    response
}
