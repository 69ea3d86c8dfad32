//! What goes wrong while a request is answered, and the page that says so.

use std::fmt;
use std::sync::Arc;

use askama::Template;
use axum::extract::Request;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::pool::PoolError;

/// Everything that a handler may return in place of a page.
#[derive(Debug)]
pub enum AppError {
    NotFound,
    WrongMethod,
    /// The session has ended since the form was shown.
    NotSignedIn,
    ManagersOnly,
    /// A form without a token, or with somebody else's.
    NoToken,
    /// A sign-in form from a browser that keeps no cookie of ours.
    NoCookie,
    /// A form from a page of another site.
    CrossSite,
    FormTooLong,
    /// No connection to the database was to be had.
    Pool(PoolError),
    /// The database refused a statement.
    Database(diesel::result::Error),
    /// The session could not be read or written.
    Session(String),
    /// The operating system has no random numbers.
    Hash(argon2::password_hash::Error),
    Template(askama::Error),
    Csv(csv::Error),
}

impl AppError {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotSignedIn => StatusCode::SEE_OTHER,
            Self::ManagersOnly | Self::NoToken | Self::NoCookie | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::FormTooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Pool(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Database(_) | Self::Session(_) | Self::Hash(_) | Self::Template(_) | Self::Csv(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    /// A heading and an explanation for the person. Of a fault of ours they learn that it is one,
    /// and nothing about the database.
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::NotFound => ("Not found", "There is no such page here."),
            Self::WrongMethod => ("Not possible", "This address does not answer to that kind of request."),
            Self::NotSignedIn => ("Signed out", "Sign in again."),
            Self::ManagersOnly => ("For managers", "Ask a manager to do this."),
            Self::NoToken => (
                "That form is too old",
                "Nothing was changed. Go back, load the page again, and send the form once more.",
            ),
            Self::NoCookie => (
                "Your browser sent no cookie",
                "Signing in needs one. Allow cookies for this page; and if its address begins with http:, \
                 ask whoever runs Order Up for the https: address.",
            ),
            Self::CrossSite => ("Not from here", "Another site sent this form, so nothing was changed."),
            Self::FormTooLong => ("Too long", "Nobody types that much. Nothing was changed."),
            Self::Pool(_) => ("Busy", "The database does not answer at the moment. Try again."),
            _ => (
                "Something went wrong",
                "It has been written down. Try again, or tell whoever runs Order Up.",
            ),
        }
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    heading: &'static str,
    explanation: &'static str,
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        if matches!(self, Self::NotSignedIn) {
            return Redirect::to("/session/").into_response();
        }
        let (heading, explanation) = self.words();
        let page = ErrorPage { heading, explanation }.render();
        // A page that says that a page could not be written might not be writable either.
        let page = page.map_or_else(|_| explanation.into_response(), |page| Html(page).into_response());
        let mut response = (self.status(), page).into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Writes down what went wrong: in one place, with the address that was asked for.
pub async fn log(request: Request, next: Next) -> Response {
    let asked = format!("{} {}", request.method(), request.uri().path());
    let response = next.run(request).await;
    match response.extensions().get::<Arc<AppError>>() {
        Some(error) if response.status().is_server_error() => tracing::error!(asked, %error, "failed"),
        Some(error) => tracing::info!(asked, %error, "refused"),
        None if response.status().is_server_error() => {
            tracing::error!(asked, status = response.status().as_u16(), "failed");
        }
        None => {}
    }
    response
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pool(error) => write!(f, "no connection: {error}"),
            Self::Database(error) => write!(f, "database: {error}"),
            Self::Session(error) => write!(f, "session: {error}"),
            Self::Hash(error) => write!(f, "cannot hash: {error}"),
            Self::Template(error) => write!(f, "template: {error}"),
            Self::Csv(error) => write!(f, "csv: {error}"),
            other => f.write_str(other.words().0),
        }
    }
}

impl std::error::Error for AppError {}

impl From<PoolError> for AppError {
    fn from(error: PoolError) -> Self {
        Self::Pool(error)
    }
}

impl From<diesel::result::Error> for AppError {
    fn from(error: diesel::result::Error) -> Self {
        if error == diesel::NotFound { Self::NotFound } else { Self::Database(error) }
    }
}

impl From<tower_sessions::session::Error> for AppError {
    fn from(error: tower_sessions::session::Error) -> Self {
        Self::Session(error.to_string())
    }
}

impl From<argon2::password_hash::Error> for AppError {
    fn from(error: argon2::password_hash::Error) -> Self {
        Self::Hash(error)
    }
}

impl From<askama::Error> for AppError {
    fn from(error: askama::Error) -> Self {
        Self::Template(error)
    }
}

impl From<csv::Error> for AppError {
    fn from(error: csv::Error) -> Self {
        Self::Csv(error)
    }
}

/// An address such as `/orders/x`, or with a number that is too large: there is no such page.
impl From<PathRejection> for AppError {
    fn from(_: PathRejection) -> Self {
        Self::NotFound
    }
}
