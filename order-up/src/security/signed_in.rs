//! Restricts pages to employees, and some of them to managers. Everybody else is sent to sign in.

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
use crate::error::AppError;
use crate::models::employee::Employee;

/// How long a session is used before it is refreshed, so that it lives on.
const REFRESHED_AFTER: Duration = Duration::from_secs(5 * 60);

/// Lets employees through, and sends others to sign in; they come back to the page they asked for.
///
/// # Errors
///
/// When the session cannot be read or written.
pub async fn required(
    State(app): State<App>,
    auth: AuthSession<Employees>,
    request: Request,
    next: Next,
) -> Result<Response, AppError> {
    if auth.user.is_none() {
        return Ok(Redirect::to(&sign_in_and_back(request.method(), request.uri())).into_response());
    }
    let (session, now) = (&auth.session, app.clock.now());
    let refreshed_at = session.get::<Timestamp>(REFRESHED_AT).await?;
    if refreshed_at.is_none_or(|then| now >= then + REFRESHED_AFTER) {
        session.insert(REFRESHED_AT, now).await?;
    }
    Ok(next.run(request).await)
}

/// The address of the sign-in page. It holds the page to come back to, but not a form's address: a
/// form cannot be sent again later.
fn sign_in_and_back(method: &Method, asked: &Uri) -> String {
    let path = asked.path_and_query().map_or("/", |path| path.as_str());
    if method != Method::GET || path == "/" {
        return "/session/".to_owned();
    }
    let next = form_urlencoded::Serializer::new(String::new()).append_pair("next", path).finish();
    format!("/session/?{next}")
}

/// The employee who made the request, and a token for the forms on their page.
#[derive(Clone)]
pub struct Me {
    pub employee: Employee,
    pub token: String,
}

impl FromRequestParts<App> for Me {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        let auth = parts.extensions.get::<AuthSession<Employees>>();
        let signed_in = auth.and_then(|auth| Some((auth.user.clone()?, auth.session.id()?)));
        let (employee, session) = signed_in.ok_or(AppError::NotSignedIn)?;
        let token = form_token::issue(&app.config.secret_key, &session.to_string());
        Ok(Self { employee, token })
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
    fn after_signing_in_nobody_lands_on_another_site() {
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
    fn a_page_of_our_own_is_kept_with_its_query() {
        assert_eq!(safe_redirect("/history?day=2026-02-14"), "/history?day=2026-02-14");
    }
}
