//! For whoever watches over the app: does it answer, and does its database?

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use diesel::{QueryDsl, RunQueryDsl};

use crate::app::App;
use crate::schema::employees;

pub fn router() -> Router<App> {
    Router::new().route("/health", get(health))
}

async fn health(State(app): State<App>) -> (StatusCode, &'static str) {
    // The tables have to be there, not the server alone.
    let asked = app.pool.run(|conn| employees::table.select(employees::id).limit(1).execute(conn)).await;
    match asked {
        Ok(Ok(_)) => (StatusCode::OK, "ok\n"),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}
