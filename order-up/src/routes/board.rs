//! The board: open tables to assign, open orders, and the menu to add from.

use std::convert::Infallible;

use askama::Template;
use axum::Router;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Redirect, Response};
use axum::routing::get;

use super::page;
use crate::app::{App, Sent};
use crate::business_day::BusinessDays;
use crate::error::AppError;
use crate::form::Form;
use crate::models::board::{Board, board};
use crate::models::order::{Bill, OrderError};
use crate::security::signed_in::Me;

pub fn router() -> Router<App> {
    Router::new().route("/", get(show))
}

/// How a person looks at the board. It is a part of the address, so it stays when a form is sent.
#[derive(Clone, Copy, Default)]
pub struct View {
    /// Everybody's orders, for managers.
    pub all: bool,
    /// The form that led here had been sent before.
    again: bool,
}

impl View {
    pub fn of_everybody() -> Self {
        Self { all: true, again: false }
    }

    /// What the addresses of the board's forms end in.
    pub fn query(self) -> &'static str {
        if self.all { "?all=1" } else { "" }
    }

    /// Back to the board after a form has done its work.
    pub fn back(self, sent: Sent) -> Redirect {
        Redirect::to(match (sent, self.all) {
            (Sent::Now, false) => "/",
            (Sent::Now, true) => "/?all=1",
            (Sent::Before, false) => "/?again=1",
            (Sent::Before, true) => "/?all=1&again=1",
        })
    }
}

impl<S: Sync> FromRequestParts<S> for View {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let is_set = |name| {
            form_urlencoded::parse(query.as_bytes()).any(|(field, value)| field == name && value == "1")
        };
        Ok(Self { all: is_set("all"), again: is_set("again") })
    }
}

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    me: Me,
    view: View,
    board: Board,
    days: BusinessDays,
    notice: Option<String>,
    /// What was typed into a form that could not be accepted.
    form: Form,
}

impl BoardPage {
    /// When the order was opened, on the restaurant's clock.
    fn since(&self, bill: &Bill) -> String {
        self.days.time(bill.order.opened_at)
    }
}

async fn show(State(app): State<App>, me: Me, view: View) -> Result<Response, AppError> {
    let notice = view.again.then(|| "That had been sent before, so it was not done twice.".to_owned());
    answer(&app, me, view, StatusCode::OK, notice, Form::default()).await
}

/// The board after something that could not be done, with what was typed and the reason.
pub async fn refused(
    app: &App,
    me: Me,
    view: View,
    form: Form,
    error: OrderError,
) -> Result<Response, AppError> {
    let status = match error {
        OrderError::Database(error) => return Err(error.into()),
        OrderError::Unknown | OrderError::NoLine => StatusCode::NOT_FOUND,
        OrderError::NotYours { .. } => StatusCode::FORBIDDEN,
        OrderError::TooMany => StatusCode::UNPROCESSABLE_ENTITY,
        OrderError::Closed { .. }
        | OrderError::TableTaken { .. }
        | OrderError::NoTable
        | OrderError::NoServer
        | OrderError::NoItem => StatusCode::CONFLICT,
    };
    answer(app, me, view, status, Some(error.to_string()), form).await
}

/// The board after a form with mistakes in it.
pub async fn mistaken(app: &App, me: Me, view: View, form: Form, notice: &str) -> Result<Response, AppError> {
    answer(app, me, view, StatusCode::UNPROCESSABLE_ENTITY, Some(notice.to_owned()), form).await
}

async fn answer(
    app: &App,
    me: Me,
    view: View,
    status: StatusCode,
    notice: Option<String>,
    form: Form,
) -> Result<Response, AppError> {
    let view = View { all: view.all && me.is_manager(), ..view };
    let employee = me.employee.clone();
    let board = app.pool.run(move |conn| board(conn, &employee, view.all)).await??;
    let days = app.config.business_days.clone();
    page(status, &BoardPage { me, view, board, days, notice, form })
}
