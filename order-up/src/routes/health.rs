//! For monitoring: whether the app and its database respond.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::App;
use crate::error::AppError;
use crate::models::employee;

pub fn router() -> Router<App> {
    Router::new().route("/health", get(health))
}

async fn health(State(app): State<App>) -> Response {
    match check(&app).await {
        Ok(()) => "ok\n".into_response(),
        Err(error) => {
            let response = (StatusCode::SERVICE_UNAVAILABLE, "the database is not responding\n");
            error.attach_to(response.into_response())
        }
    }
}

/// Reads from a table: the tables have to exist, and not only the database.
async fn check(app: &App) -> Result<(), AppError> {
    app.pool.run(employee::is_empty).await??;
    Ok(())
}
