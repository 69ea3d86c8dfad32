//! One set of pages, and two places where sessions are kept.

mod kept;

use axum::extract::FromRef;
use axum::routing::MethodRouter;
use axum::{Router, middleware};
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, Session};

use crate::config::Config;
use groundwork::error_log::log_errors;
use crate::store::DatabaseStore;
use crate::views::{about, home};
use kept::Kept;

/// A session ends when its visitor has stayed away for this long.
const KEPT_FOR: Expiry = Expiry::OnInactivity(Duration::days(30));

/// The same for both kinds of session.
const KEPT: Kept =
    Kept { name: "session", path: "/", same_site: SameSite::Lax, secure: false, expiry: KEPT_FOR };

fn pages() -> Router {
    let window = Router::new().route("/", MethodRouter::new().get(|session: Session| home(session)));
    let wall = Router::new().route("/about", MethodRouter::new().get(async || about().await));
    window.merge(wall).layer(middleware::from_fn(log_errors))
}

/// The app with sessions in the visitors' cookies, signed, as in the lecture.
pub fn app_with_cookies(config: &Config) -> Router {
    // Task: Wrap `pages()` in a layer for signed cookie sessions: `KEPT_FOR`, same-site `Lax`, not secure.
    pages().layer(KEPT.in_cookies(FromRef::from_ref(config)))
}

/// The app with sessions in the database; the cookie holds nothing but a random id.
pub fn app_with_store(config: &Config) -> Router {
    // Task: Wrap `pages()` in a session layer that uses a `DatabaseStore`, with the same settings.
    let store = DatabaseStore::from_ref(config);
    pages().layer(KEPT.in_store(store))
}
