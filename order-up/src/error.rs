//! What can go wrong while a request is answered, and the error page for it.

use std::sync::Arc;

use askama::Template;
use axum::extract::Request;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use groundwork::causes::with_causes;
use groundwork::order_up::passwords::HashError;
use thiserror::Error;

use crate::models::employee::EmployeeError;
use crate::models::menu::MenuError;
use crate::models::table::TableError;
use crate::pool::PoolError;

/// Everything that a handler may return in place of a page.
#[derive(Debug, Error)]
pub enum AppError {
    #[error("not found")]
    NotFound,
    #[error("wrong method")]
    WrongMethod,
    /// The session has ended since the form was shown.
    #[error("not signed in")]
    NotSignedIn,
    #[error("not a manager")]
    ManagersOnly,
    /// A form without a token, or with somebody else's.
    #[error("no valid token")]
    NoToken {
        /// The form's page, with what was typed.
        page: Option<String>,
    },
    /// A sign-in form from a browser that does not keep our cookies.
    #[error("no cookie")]
    NoCookie,
    /// A form from a page of another site.
    #[error("form of another site")]
    CrossSite,
    /// A form from a page of another site, or of ours, behind a proxy that hides our name.
    #[error("form of an unknown site")]
    UnknownSite,
    /// The request took so long that nobody is waiting for it any more.
    #[error("took too long")]
    TooSlow,
    #[error("form too large")]
    FormTooLarge(#[source] axum::Error),
    /// A rule of the restaurant forbids the change.
    #[error("rejected")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// There was no connection to the database.
    #[error("no connection")]
    Pool(#[from] PoolError),
    /// The database rejected a statement.
    #[error("database")]
    Database(#[source] diesel::result::Error),
    /// The session could not be read or written.
    #[error("session")]
    Session(#[from] tower_sessions::session::Error),
    /// The operating system has no random numbers.
    #[error("cannot hash")]
    Hash(#[from] HashError),
    #[error("template")]
    Template(#[from] askama::Error),
    #[error("csv")]
    Csv(#[from] csv::Error),
    /// The calendar has no such day.
    #[error("calendar")]
    Calendar(#[from] jiff::Error),
}

impl AppError {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotSignedIn => StatusCode::SEE_OTHER,
            Self::ManagersOnly
            | Self::NoToken { .. }
            | Self::NoCookie
            | Self::CrossSite
            | Self::UnknownSite => StatusCode::FORBIDDEN,
            Self::FormTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Refused(_) => StatusCode::CONFLICT,
            Self::Pool(_) | Self::TooSlow => StatusCode::SERVICE_UNAVAILABLE,
            Self::Database(_)
            | Self::Session(_)
            | Self::Hash(_)
            | Self::Template(_)
            | Self::Csv(_)
            | Self::Calendar(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A heading and an explanation for the person. They say that something failed on our side,
    /// and reveal nothing about the database.
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::NotFound => ("Not found", "This page does not exist."),
            Self::WrongMethod => ("Not possible", "This address does not accept that kind of request."),
            Self::NotSignedIn => ("Signed out", "Sign in again."),
            Self::ManagersOnly => ("For managers", "Ask a manager to do this."),
            Self::NoToken { page: Some(_) } => (
                "That form is too old",
                "Nothing was changed. What you typed has been kept. Continue, and submit it from the new page.",
            ),
            Self::NoToken { page: None } => (
                "That form is too old",
                "Nothing was changed. Go back, reload the page, and submit the form again.",
            ),
            Self::NoCookie => (
                "Your browser did not send a cookie",
                "You need it to sign in. Allow cookies for this page. If its address begins with http:, ask the person \
                 who runs Order Up for the https: address.",
            ),
            Self::CrossSite => ("Form blocked", "Another site sent this form, so nothing was changed."),
            Self::UnknownSite => (
                "Form blocked",
                "Nothing was changed, because Order Up does not recognize the address that your browser shows. If it \
                 is correct, ask the person who runs Order Up to set ORIGIN to it.",
            ),
            Self::FormTooLarge(_) => ("Too large", "That form is too large. Nothing was changed."),
            Self::TooSlow => {
                ("Too slow", "This took too long. Reload the page to see what was done, then try again.")
            }
            Self::Refused(_) => ("Not possible", "Nothing was changed. Reload the page to see why."),
            Self::Pool(_) => ("Busy", "The database is not responding right now. Try again."),
            Self::Database(_)
            | Self::Session(_)
            | Self::Hash(_)
            | Self::Template(_)
            | Self::Csv(_)
            | Self::Calendar(_) => (
                "Something went wrong",
                "The error has been logged. Try again, or tell the person who runs Order Up.",
            ),
        }
    }

    /// Attaches the error to a response, where [`log`] finds it.
    pub fn attach_to(self, mut response: Response) -> Response {
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    heading: &'static str,
    explanation: &'static str,
    /// Where what was typed is shown again.
    kept: Option<String>,
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        if matches!(self, Self::NotSignedIn) {
            return Redirect::to("/session/").into_response();
        }
        let (heading, explanation) = self.words();
        let kept = if let Self::NoToken { page } = &self { page.clone() } else { None };
        let page = ErrorPage { heading, explanation, kept }.render();
        // When a page cannot be rendered, the page that reports it might fail as well.
        let page = page.map_or_else(|_| explanation.into_response(), |page| Html(page).into_response());
        let response = (self.status(), page).into_response();
        self.attach_to(response)
    }
}

/// Logs what went wrong: in one place, with the path that was requested.
pub async fn log(request: Request, next: Next) -> Response {
    let asked = format!("{} {}", request.method(), request.uri().path());
    let response = next.run(request).await;
    let error = response.extensions().get::<Arc<AppError>>().map(|error| with_causes(error));
    match error {
        Some(error) if response.status().is_server_error() => tracing::error!(asked, %error, "failed"),
        Some(error) => tracing::info!(asked, %error, "rejected"),
        None if response.status().is_server_error() => {
            tracing::error!(asked, status = response.status().as_u16(), "failed");
        }
        None => {}
    }
    response
}

impl From<diesel::result::Error> for AppError {
    fn from(error: diesel::result::Error) -> Self {
        if error == diesel::NotFound { Self::NotFound } else { Self::Database(error) }
    }
}

/// A path such as `/orders/x`, or with a number that is too large: there is no such page.
impl From<PathRejection> for AppError {
    fn from(_: PathRejection) -> Self {
        Self::NotFound
    }
}

impl From<EmployeeError> for AppError {
    fn from(error: EmployeeError) -> Self {
        match error {
            EmployeeError::Unknown => Self::NotFound,
            EmployeeError::Database(error) => error.into(),
            EmployeeError::NumberTaken | EmployeeError::LastManager => Self::Refused(error.into()),
        }
    }
}

impl From<MenuError> for AppError {
    fn from(error: MenuError) -> Self {
        match error {
            MenuError::Unknown => Self::NotFound,
            MenuError::Database(error) => error.into(),
            MenuError::NameTaken | MenuError::Reordered => Self::Refused(error.into()),
        }
    }
}

impl From<TableError> for AppError {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Unknown => Self::NotFound,
            TableError::Database(error) => error.into(),
            TableError::NumberTaken | TableError::Occupied { .. } => Self::Refused(error.into()),
        }
    }
}
