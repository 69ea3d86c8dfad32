//! A cookie for visitors who have not signed in. It ties the sign-in form to a browser without a row
//! in the database.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use groundwork::order_up::random::random_text;
use tower_cookies::cookie::SameSite;
use tower_cookies::{Cookie, Cookies};

use crate::config::Config;

const NAME: &str = "visitor";

/// The random text in the browser's cookie, if it has one.
pub struct Visitor(pub Option<String>);

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let cookies = parts.extensions.get::<Cookies>();
        let cookie = cookies.and_then(|cookies| cookies.get(NAME));
        Ok(Self(cookie.map(|cookie| cookie.value().to_owned()).filter(|text| !text.is_empty())))
    }
}

impl Visitor {
    /// The text of this browser. A browser without one gets a cookie that lasts until it is closed.
    pub fn or_new(self, cookies: &Cookies, config: &Config) -> String {
        self.0.unwrap_or_else(|| {
            let text = random_text();
            let cookie = Cookie::build((NAME, text.clone()))
                .path("/session/")
                .http_only(true)
                .same_site(SameSite::Lax)
                .secure(config.secure_cookies());
            cookies.add(cookie.build());
            text
        })
    }
}
