//! Which address is answered by which function. Each module below has the pages of one thing.

mod account;
mod board;
mod employees;
pub mod files;
mod health;
mod history;
mod menu;
mod orders;
mod sign_in;
mod tables;

use axum::Router;
use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Response};

use crate::app::App;
use crate::error::AppError;

/// Pages for who has signed in.
pub fn for_employees() -> Router<App> {
    Router::new()
        .merge(board::router())
        .merge(orders::router())
        .merge(menu::router())
        .merge(tables::router())
        .merge(employees::router())
        .merge(history::router())
        .merge(account::router())
        .merge(sign_in::out_router())
}

/// The page on which one signs in.
pub fn for_visitors() -> Router<App> {
    sign_in::router()
}

/// What needs no session at all.
pub fn for_everybody() -> Router<App> {
    Router::new().merge(files::router()).merge(health::router())
}

/// The number in an address such as `/orders/7`.
struct Id(i32);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let Path(id) = Path::from_request_parts(parts, state).await?;
        Ok(Self(id))
    }
}

/// A template as an answer.
fn page(status: StatusCode, template: &impl askama::Template) -> Result<Response, AppError> {
    Ok((status, Html(template.render()?)).into_response())
}
