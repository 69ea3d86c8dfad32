//! The assembly of the app: the routes, and the layers that every request passes.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::{Router, middleware};
use axum_login::AuthManagerLayerBuilder;
use groundwork::order_up::Clock;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};

use crate::app::App;
use crate::config::Config;
use crate::error::{self, AppError};
use crate::routes::{account, board, employees, files, health, history, menu, orders, sign_in, tables};
use crate::security::employees::Employees;
use crate::security::session_store::{DatabaseStore, KEPT_FOR};
use crate::security::{form_token, headers, signed_in};

/// No response takes longer than this: the longest wait after failed sign-ins, and a margin.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The app for these settings, ready to be served or tested.
pub fn app(config: Config, clock: Clock) -> Router {
    let app = App::new(config, clock);
    let sessions = SessionManagerLayer::new(DatabaseStore::new(app.pool.clone(), app.clock.clone()))
        .with_name("session")
        .with_expiry(Expiry::OnInactivity(KEPT_FOR))
        .with_same_site(SameSite::Lax)
        .with_secure(app.config.secure_cookies());
    let employees = Employees { pool: app.pool.clone(), passwords: app.passwords.clone() };
    let sign_in = AuthManagerLayerBuilder::new(employees, sessions).build();

    // A request passes the layers from the last to the first.
    for_employees()
        .layer(middleware::from_fn_with_state(app.clone(), form_token::of_session))
        .layer(middleware::from_fn_with_state(app.clone(), signed_in::required))
        .merge(for_visitors().layer(middleware::from_fn_with_state(app.clone(), form_token::of_visitor)))
        .layer(sign_in)
        .merge(for_everybody())
        .fallback(async || AppError::NotFound)
        .method_not_allowed_fallback(async || AppError::WrongMethod)
        .layer(CsrfLayer::new().with_rejection_response(|_| AppError::CrossSite.into_response()))
        .layer(middleware::from_fn(headers::add))
        .layer(middleware::from_fn(error::log))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIMEOUT))
        .with_state(app)
}

/// The pages that need a signed-in employee.
fn for_employees() -> Router<App> {
    Router::new()
        .merge(board::router())
        .merge(orders::router())
        .merge(menu::router())
        .merge(tables::router())
        .merge(employees::router())
        .merge(history::router())
        .merge(account::router())
        .merge(sign_in::sign_out_router())
}

/// The sign-in page.
fn for_visitors() -> Router<App> {
    sign_in::router()
}

/// What needs no session at all.
fn for_everybody() -> Router<App> {
    Router::new().merge(files::router()).merge(health::router())
}
