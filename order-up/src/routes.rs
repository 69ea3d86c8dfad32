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

use std::convert::Infallible;

use axum::Router;
use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::app::{App, Sent};
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

/// On to a page after a form has done its work; the page says so if that was done before.
fn back_to(page: &str, sent: Sent) -> Redirect {
    match sent {
        Sent::Now => Redirect::to(page),
        Sent::Before if page.contains('?') => Redirect::to(&format!("{page}&again=1")),
        Sent::Before => Redirect::to(&format!("{page}?again=1")),
    }
}

/// Whether the form that led to this page had been sent before.
struct Again(bool);

impl<S: Sync> FromRequestParts<S> for Again {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(is_set(parts, "again")))
    }
}

impl Again {
    /// What the page says then. A person who went back may have typed something else into the form.
    fn notice(&self) -> Option<String> {
        self.0.then(|| SENT_BEFORE.to_owned())
    }
}

const SENT_BEFORE: &str =
    "That form had been sent before, so it was not done twice. To send something else, use this page.";

/// Whether the address has `name=1` in its query.
fn is_set(parts: &Parts, name: &str) -> bool {
    let query = parts.uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).any(|(field, value)| field == name && value == "1")
}

/// A template as an answer.
fn page(status: StatusCode, template: &impl askama::Template) -> Result<Response, AppError> {
    Ok((status, Html(template.render()?)).into_response())
}
