//! One set of pages, and two places where sessions are kept.

use axum::routing::get;
use axum::{Router, middleware};
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, SessionManagerLayer};
use tower_sessions_cookie_store::{CookieSessionConfig, CookieSessionManagerLayer};

use crate::config::Config;
use groundwork::error_log::log_errors;
use groundwork::Pool;
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
    let cookie =
        CookieSessionConfig::default().with_secure(false).with_same_site(SameSite::Lax).with_expiry(KEPT_FOR);
    let Config { secret_key, .. } = config.clone();
    pages().route_layer(CookieSessionManagerLayer::signed(secret_key).with_config(cookie))
}

/// The app with sessions in the database; the cookie holds nothing but a random id.
pub fn app_with_store(config: &Config) -> Router {
    // Task: Wrap `pages()` in a session layer that uses a `DatabaseStore`, with the same settings.
    let store = DatabaseStore::new(Pool::new(&config.settings));
    let sessions = SessionManagerLayer::new(store).with_name("session").with_secure(false);
    Router::new().merge(pages()).layer(sessions.with_same_site(SameSite::Lax).with_expiry(KEPT_FOR))
}
