//! One set of pages, and two places where sessions are kept.

use axum::routing::get;
use axum::{Router, middleware};
use groundwork::Pool;
use groundwork::error_log::log_errors;
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, SessionManagerLayer};
use tower_sessions_cookie_store::{CookieSessionConfig, CookieSessionManagerLayer};

use crate::config::Config;
use crate::store::DatabaseStore;
use crate::views::{about, home};

/// A session ends when its visitor has stayed away for this long.
const KEPT_FOR: Expiry = Expiry::OnInactivity(Duration::days(30));

fn pages() -> Router {
    Router::new().route("/", get(home)).route("/about", get(about)).layer(middleware::from_fn(log_errors))
}

/// The app with sessions in the visitors' cookies, signed, as in the lecture.
pub fn app_with_cookies(config: &Config) -> Router {
    // Task: Wrap `pages()` in a layer for signed cookie sessions: `KEPT_FOR`, same-site `Lax`, not secure.
    let cookie = CookieSessionConfig::default()
        .with_expiry(KEPT_FOR)
        .with_same_site(SameSite::Lax)
        // This app serves only this machine. Over a network, `secure` must be `true`.
        .with_secure(false);
    pages().layer(CookieSessionManagerLayer::signed(config.secret_key.clone()).with_config(cookie))
}

/// The app with sessions in the database; the cookie holds nothing but a random id.
pub fn app_with_store(config: &Config) -> Router {
    // Task: Wrap `pages()` in a session layer that uses a `DatabaseStore`, with the same settings.
    let sessions = SessionManagerLayer::new(DatabaseStore::new(Pool::new(&config.settings)))
        .with_name("session")
        .with_expiry(KEPT_FOR)
        .with_same_site(SameSite::Lax)
        .with_secure(false);
    pages().layer(sessions)
}
