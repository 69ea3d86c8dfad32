//! What goes wrong while a request is answered.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use groundwork::PoolError;
use groundwork::error_log::internal_error;
use thiserror::Error;

use crate::security::Backend;

/// What a handler may return in place of a page. It grows with the app: not every mistake is the app's.
#[derive(Debug, Error)]
pub enum AppError {
    #[error("there was no connection to the database")]
    Pool(#[from] PoolError),
    #[error("the database rejected a statement")]
    Database(#[from] diesel::result::Error),
    #[error("the session could not be read or written")]
    Session(#[from] tower_sessions::session::Error),
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// A person's mistake. `security::required` makes a page of it.
#[derive(Clone, Debug, Error)]
pub enum Refusal {
    #[error("This form is not from a page of yours. Load the page again, and try again.")]
    ForeignForm,
    #[error("There is no such page.")]
    NoSuchPage,
    #[error("There is no such table.")]
    NoSuchTable,
    #[error("There is no such server.")]
    NoSuchServer,
    #[error("This server does not work here any more.")]
    ServerHasRetired,
    #[error("Table {0} was taken a moment ago.")]
    TableIsTaken(i32),
    #[error("A dish that you have checked is not on the menu any more. Nothing was added.")]
    NoSuchDish,
    #[error("A quantity is a whole number from 1 to 999. Nothing was added.")]
    NoQuantity,
    #[error("There is no such order.")]
    NoSuchOrder,
    #[error("This is another server's order.")]
    SomebodyElsesOrder,
    #[error("This order is closed already: the guests have paid. Nothing was changed.")]
    OrderIsClosed,
    #[error("The menu is for managers.")]
    ForManagers,
    #[error("A dish with this name is on the menu already.")]
    DishIsThere,
    #[error("This dish has left the menu already.")]
    DishHasLeft,
}

impl Refusal {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::ForeignForm | Self::SomebodyElsesOrder | Self::ForManagers => StatusCode::FORBIDDEN,
            Self::NoSuchPage | Self::NoSuchOrder | Self::DishHasLeft => StatusCode::NOT_FOUND,
            Self::NoSuchTable
            | Self::NoSuchServer
            | Self::ServerHasRetired
            | Self::NoSuchDish
            | Self::NoQuantity => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TableIsTaken(_) | Self::OrderIsClosed | Self::DishIsThere => StatusCode::CONFLICT,
        }
    }
}

impl From<axum_login::Error<Backend>> for AppError {
    fn from(error: axum_login::Error<Backend>) -> Self {
        match error {
            axum_login::Error::Session(error) => Self::Session(error),
            axum_login::Error::Backend(error) => error,
        }
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        match self {
            Self::Refused(refusal) => {
                let mut response = (refusal.status(), refusal.to_string()).into_response();
                response.extensions_mut().insert(refusal);
                response
            }
            error => internal_error(error),
        }
    }
}
