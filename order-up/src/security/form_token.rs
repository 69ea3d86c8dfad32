//! The token in each form: it proves that the form is from a page of ours, and is spent when the
//! form has done its work, so that a second tap on a button does nothing.

use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use axum_login::AuthSession;
use groundwork::order_up::form_token::{is_ours, spend};
use groundwork::{Db, write};

use super::employees::Employees;
use super::visitor::Visitor;
use crate::app::App;
use crate::error::AppError;
use crate::form;
use crate::kept;
use crate::pool::PoolError;
use crate::submission::Submission;

/// The token of the submitted form, checked to be one of ours for this visitor, and the path it was
/// sent to: all forms of a page hold one token, and each of them is sent once.
#[derive(Clone)]
pub struct FormToken(String);

impl FormToken {
    /// Runs `work` and spends the token, in one transaction. When the token was spent before, `work`
    /// does not run.
    ///
    /// # Errors
    ///
    /// The inner error is the one that `work` returns. The token is then not spent, so the form can
    /// be sent again.
    pub async fn spend<T, E>(
        self,
        app: &App,
        work: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<Result<Submission<T>, E>, PoolError>
    where
        T: Send + 'static,
        E: From<diesel::result::Error> + Send + 'static,
    {
        let now = app.clock.now();
        let once = move |conn: &mut Db| {
            write(conn, |conn| {
                if !spend(conn, &self.0, now)? {
                    return Ok(Submission::Repeat);
                }
                work(conn).map(Submission::First)
            })
        };
        app.pool.run(once).await
    }
}

/// Rejects a form that changes something and has no token made for this session.
///
/// # Errors
///
/// When the form has no such token, or is too large.
pub async fn of_session(
    State(app): State<App>,
    auth: AuthSession<Employees>,
    request: Request,
    next: Next,
) -> Result<Response, AppError> {
    let session = auth.session.id().map(|id| id.to_string());
    check(&app, session.as_deref(), request, next).await
}

/// Rejects a form that has no token made for this visitor: the sign-in form has no session yet.
///
/// # Errors
///
/// When the form has no such token, or is too large.
pub async fn of_visitor(
    State(app): State<App>,
    Visitor(visitor): Visitor,
    request: Request,
    next: Next,
) -> Result<Response, AppError> {
    check(&app, visitor.as_deref(), request, next).await
}

async fn check(app: &App, visitor: Option<&str>, request: Request, next: Next) -> Result<Response, AppError> {
    if [Method::GET, Method::HEAD].contains(request.method()) {
        return Ok(next.run(request).await);
    }
    let (mut parts, body) = request.into_parts();
    let body = form::read(body).await?;
    let token = form_urlencoded::parse(&body).find(|(name, _)| name == form::TOKEN);
    let Some((_, token)) = token else { return Err(AppError::NoToken { page: None }) };
    let Some(visitor) = visitor else { return Err(AppError::NoCookie) };
    if !is_ours(&app.config.secret_key, visitor, &token) {
        return Err(AppError::NoToken { page: kept::page_with(&parts.uri, &body) });
    }
    parts.extensions.insert(FormToken(format!("{token} {}", parts.uri.path())));
    Ok(next.run(Request::from_parts(parts, Body::from(body))).await)
}

impl<S: Sync> FromRequestParts<S> for FormToken {
    type Rejection = StatusCode;

    /// A handler that takes a token on a route where none is checked is a bug of ours.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        parts.extensions.get().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
