//! What goes wrong while a request is answered.

use askama::Template;
use askama_web::WebTemplate;
use axum::Extension;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use groundwork::PoolError;
use groundwork::error_log::internal_error;
use thiserror::Error;

use crate::door::Frame;

/// What a handler may return in place of a page. It grows with the app: not every mistake is the app's.
#[derive(Debug, Error)]
pub enum AppError {
    #[error("there was no connection to the database")]
    Pool(#[from] PoolError),
    #[error("the database rejected a statement")]
    Database(#[from] diesel::result::Error),
    #[error("the session failed")]
    Session(#[from] tower_sessions::session::Error),
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        match self {
            Self::Refused(refusal) => refusal.into_response(),
            failed => internal_error(failed),
        }
    }
}

/// What somebody asked for and cannot have, in words for them.
#[derive(Clone, Debug, Error)]
pub enum Refusal {
    #[error("This form did not come from a page of ours. Open the page again, and try once more.")]
    NotFromHere,
    #[error("That was too much for one form.")]
    TooLong,
    #[error("There is no such page.")]
    NoSuchPage,
    #[error("There is no such table.")]
    NoSuchTable,
    #[error("Nobody of that name works here now.")]
    NoSuchServer,
    #[error("Table {0} was taken a moment ago.")]
    Taken(i32),
    #[error("Check what they have ordered on the menu first.")]
    NothingChecked,
    #[error("One of these dishes is not on the menu any more. Nothing was added.")]
    NotOnMenu,
    #[error("How many? A whole number from 1 to {MOST_AT_ONCE}. Nothing was added.")]
    NoQuantity,
    #[error("There is no such order.")]
    NoSuchOrder,
    #[error("This order is another server's.")]
    NotYours,
    #[error("This order was closed, and its bill stays as it is.")]
    Closed,
    #[error("The menu is for managers.")]
    ForManagers,
    #[error("This dish is on the menu already.")]
    OnMenuAlready,
    #[error("This dish has left the menu already.")]
    OffMenuAlready,
}

/// So many of a dish can be ordered at once; more is a slip of the finger.
pub const MOST_AT_ONCE: i32 = 999;

#[derive(Template, WebTemplate)]
#[template(path = "refused.html")]
struct Refused<'a> {
    frame: &'a Frame,
    reason: String,
}

/// `door::required`, which knows who asks, makes a page of it.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status(), Extension(self)).into_response()
    }
}

impl Refusal {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFromHere | Self::NotYours | Self::ForManagers => StatusCode::FORBIDDEN,
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NoSuchTable
            | Self::NoSuchServer
            | Self::NothingChecked
            | Self::NotOnMenu
            | Self::NoQuantity => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Taken(_) | Self::Closed | Self::OnMenuAlready => StatusCode::CONFLICT,
            Self::NoSuchPage | Self::NoSuchOrder | Self::OffMenuAlready => StatusCode::NOT_FOUND,
        }
    }

    pub fn page(&self, frame: &Frame) -> Response {
        (self.status(), Refused { frame, reason: self.to_string() }).into_response()
    }
}
