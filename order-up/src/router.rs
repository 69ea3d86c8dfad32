//! The assembly of the app: the routes, and the layers that every request passes.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use axum_login::AuthManagerLayerBuilder;
use groundwork::order_up::Clock;
use tokio::time::timeout;
use tower_http::csrf::{CsrfLayer, ProtectionError, ProtectionErrorKind};
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};

use crate::app::App;
use crate::config::Config;
use crate::error::{self, AppError};
use crate::routes::{
    account, board, employees, files, find, health, history, kitchen, lines, live, log, menu, orders, report,
    sign_in, sold_out, split, tables, tonight, transfer, types, undo,
};
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
    let pages = for_employees()
        .layer(middleware::from_fn_with_state(app.clone(), form_token::of_session))
        .layer(middleware::from_fn_with_state(app.clone(), signed_in::required))
        .merge(for_visitors().layer(middleware::from_fn_with_state(app.clone(), form_token::of_visitor)))
        .layer(sign_in)
        .merge(for_everybody())
        .fallback(async || AppError::NotFound)
        .method_not_allowed_fallback(async || AppError::WrongMethod);
    around_all(pages, same_site(app.config.origin.as_deref()), TIMEOUT).with_state(app)
}

/// Rejects forms from other sites. Old browsers send only an `Origin` header; `origin` is the value that we trust in
/// it.
fn same_site(origin: Option<&str>) -> CsrfLayer {
    match origin {
        None => CsrfLayer::new(),
        Some(origin) => CsrfLayer::new().add_trusted_origin(origin).expect("the settings have read it"),
    }
}

/// The layers around all pages, including error pages.
fn around_all<S: Clone + Send + Sync + 'static>(
    pages: Router<S>,
    same_site: CsrfLayer,
    limit: Duration,
) -> Router<S> {
    pages
        .layer(same_site.with_rejection_response(|error: ProtectionError| {
            let is_told = error.kind() == ProtectionErrorKind::CrossOriginRequest;
            if is_told { AppError::CrossSite } else { AppError::UnknownSite }.into_response()
        }))
        .layer(middleware::from_fn_with_state(limit, in_time))
        .layer(middleware::from_fn(headers::add))
        .layer(middleware::from_fn(error::log))
}

/// Answers a request that takes too long (it may never arrive in full) with an error page.
async fn in_time(State(limit): State<Duration>, request: Request, next: Next) -> Result<Response, AppError> {
    timeout(limit, next.run(request)).await.map_err(|_| AppError::TooSlow)
}

/// The pages that need a signed-in employee.
fn for_employees() -> Router<App> {
    Router::new()
        .merge(board::router())
        .merge(orders::router())
        .merge(lines::router())
        .merge(transfer::router())
        .merge(undo::router())
        .merge(find::router())
        .merge(split::router())
        .merge(menu::router())
        .merge(types::router())
        .merge(sold_out::router())
        .merge(tables::router())
        .merge(employees::router())
        .merge(history::router())
        .merge(report::router())
        .merge(log::router())
        .merge(tonight::router())
        .merge(kitchen::router())
        .merge(live::router())
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::body::Body;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_slow_request_gets_an_error_page_with_headers_and_is_logged() {
        let pages: Router = Router::new().route("/", axum::routing::get(std::future::pending::<()>));
        let request = Request::new(Body::empty());
        let answer = around_all(pages, same_site(None), Duration::from_millis(1)).oneshot(request).await;
        let answer = answer.expect("a router answers");
        assert_eq!(answer.status(), 503);
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
        let logged = answer.extensions().get::<Arc<AppError>>();
        assert!(logged.is_some_and(|error| matches!(**error, AppError::TooSlow)), "{logged:?}");
    }
}
