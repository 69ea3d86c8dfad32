//! Restricts pages to employees, and some of them to managers. Everybody else is sent to sign in.

use std::borrow::Borrow;
use std::time::Duration;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum_login::AuthSession;
use groundwork::order_up::Timestamp;
use groundwork::order_up::form_token;

use super::employees::{Employees, REFRESHED_AT};
use crate::app::App;
use crate::done::{Done, Said};
use crate::error::AppError;
use crate::models::employee::Employee;
use crate::money::Cents;
use crate::price_format::PriceFormat;
use crate::{form, kept};

/// In the address of the sign-in page: a form was sent after the session had ended.
pub const ENDED: &str = "ended";

/// How long a session is used before it is refreshed, so that it lives on.
const REFRESHED_AFTER: Duration = Duration::from_secs(5 * 60);

/// Lets employees through, and sends others to sign in; they return to the page that they requested.
///
/// # Errors
///
/// When the session cannot be read or written, or a form that came too late is too large.
pub async fn required(
    State(app): State<App>,
    auth: AuthSession<Employees>,
    request: Request,
    next: Next,
) -> Result<Response, AppError> {
    if auth.user.is_none() {
        return Ok(Redirect::to(&sign_in_and_back(request).await?).into_response());
    }
    let (session, now) = (&auth.session, app.clock.now());
    let refreshed_at = session.get::<Timestamp>(REFRESHED_AT).await?;
    // If the clock was ahead, the session was refreshed later than now. It must not last until the clock catches up.
    if refreshed_at.is_none_or(|then| now >= then + REFRESHED_AFTER || now < then) {
        session.insert(REFRESHED_AT, now).await?;
    }
    Ok(next.run(request).await)
}

/// The address of the sign-in page. It holds the page to come back to. A form cannot be sent again later, so
/// after one that is the form's page, with what was typed.
async fn sign_in_and_back(request: Request) -> Result<String, AppError> {
    let (parts, body) = request.into_parts();
    let page = if [Method::GET, Method::HEAD].contains(&parts.method) {
        parts.uri.path_and_query().map(|asked| asked.as_str().to_owned()).filter(|asked| asked != "/")
    } else {
        let Some(page) = kept::page_with(&parts.uri, &form::read(body).await?) else {
            return Ok(format!("/session/?{ENDED}"));
        };
        Some(page)
    };
    let Some(page) = page else { return Ok("/session/".to_owned()) };
    let next = form_urlencoded::Serializer::new(String::new()).append_pair("next", &page).finish();
    Ok(format!("/session/?{next}"))
}

/// The employee who made the request, and a token for the forms on their page.
#[derive(Clone)]
pub struct Me {
    pub employee: Employee,
    pub token: String,
    /// What a form has done, to show on this page.
    pub said: Option<Said>,
    prices: PriceFormat,
}

impl Me {
    /// An amount, in the restaurant's price format.
    pub fn price(&self, amount: impl Borrow<Cents>) -> String {
        self.prices.show(*amount.borrow())
    }
}

impl FromRequestParts<App> for Me {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        let auth = parts.extensions.get::<AuthSession<Employees>>();
        let signed_in = auth.and_then(|auth| Some((auth.user.clone()?, auth.session.id()?)));
        let (employee, session) = signed_in.ok_or(AppError::NotSignedIn)?;
        let token = form_token::issue(&app.config.secret_key, &session.to_string());
        Ok(Self { employee, token, said: Done::take(parts), prices: app.config.prices.clone() })
    }
}

/// [`Me`], if I am a manager.
pub struct Manager(pub Me);

impl FromRequestParts<App> for Manager {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        let me = Me::from_request_parts(parts, app).await?;
        if me.employee.is_manager() { Ok(Self(me)) } else { Err(AppError::ManagersOnly) }
    }
}

/// The path to redirect to after signing in: `next` if it is a page of ours, and otherwise the board.
pub fn safe_redirect(next: &str) -> String {
    let uri = next.parse::<Uri>().ok().filter(|uri| uri.authority().is_none());
    let path = uri.as_ref().and_then(Uri::path_and_query).map(|path| path.as_str());
    // Browsers read `//` and `/\` as the start of another site's address.
    match path {
        Some(path) if path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') => {
            path.to_owned()
        }
        _ => "/".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::safe_redirect;

    #[test]
    fn signing_in_never_redirects_to_another_site() {
        for elsewhere in [
            "//evil.example",
            "https://evil.example/",
            "https://evil.example/orders/1",
            "/\\evil.example",
            "\\\\evil.example",
            "evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "///evil.example",
            "/\r\nSet-Cookie: a=b",
            "",
        ] {
            assert_eq!(safe_redirect(elsewhere), "/", "{elsewhere:?}");
        }
    }

    #[test]
    fn a_page_of_this_site_is_kept_with_its_query() {
        assert_eq!(safe_redirect("/history?day=2026-02-14"), "/history?day=2026-02-14");
    }
}
