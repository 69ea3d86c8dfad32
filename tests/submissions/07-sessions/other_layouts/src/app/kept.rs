//! How sessions are kept, said once for both kinds.

use axum::extract::FromRef;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer, SessionStore};
use tower_sessions_cookie_store::{CookieSessionConfig, CookieSessionManagerLayer, Key, SignedCookie};

use crate::config::Config;
use groundwork::Pool;
use crate::store::DatabaseStore;

impl FromRef<Config> for Key {
    fn from_ref(config: &Config) -> Self {
        config.secret_key.clone()
    }
}

impl FromRef<Config> for DatabaseStore {
    fn from_ref(config: &Config) -> Self {
        Self::new(Pool::new(&config.settings))
    }
}

/// What the browser is told about the cookie.
#[derive(Clone, Copy)]
pub(super) struct Kept {
    pub(super) name: &'static str,
    pub(super) path: &'static str,
    pub(super) same_site: SameSite,
    pub(super) secure: bool,
    pub(super) expiry: Expiry,
}

impl From<Kept> for CookieSessionConfig {
    fn from(kept: Kept) -> Self {
        Self::default()
            .with_secure(kept.secure)
            .with_expiry(kept.expiry)
            .with_name(kept.name)
            .with_path(kept.path)
            .with_same_site(kept.same_site)
    }
}

impl Kept {
    pub(super) fn in_cookies(self, key: Key) -> CookieSessionManagerLayer<SignedCookie> {
        CookieSessionManagerLayer::signed(key).with_config(self.into())
    }

    pub(super) fn in_store<S: SessionStore>(self, store: S) -> SessionManagerLayer<S> {
        SessionManagerLayer::new(store)
            .with_secure(self.secure)
            .with_expiry(self.expiry)
            .with_name(self.name)
            .with_path(self.path)
            .with_same_site(self.same_site)
    }
}
