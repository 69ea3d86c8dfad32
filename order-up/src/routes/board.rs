//! The board: open tables to assign, open orders, and the menu to add from.

use std::convert::Infallible;

use askama::Template;
use axum::Router;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::App;
use crate::business_day::BusinessDays;
use crate::error::AppError;
use crate::form::Form;
use crate::models::bill::Bill;
use crate::models::board::{Board, board};
use crate::models::order::OrderError;
use crate::page::page;
use crate::query;
use crate::security::signed_in::Me;
use crate::submission::{AfterRepeat, Submission};

pub fn router() -> Router<App> {
    Router::new().route("/", get(show))
}

/// Which orders a person sees on the board. It is a part of the address, so it stays when a form is
/// sent.
#[derive(Clone, Copy, Default)]
pub struct View {
    /// Everybody's orders, for managers.
    pub all: bool,
}

impl View {
    /// The end of the addresses of the board's forms.
    pub fn query(self) -> &'static str {
        if self.all { "?all" } else { "" }
    }

    fn path(self) -> &'static str {
        if self.all { "/?all" } else { "/" }
    }
}

impl<S: Sync> FromRequestParts<S> for View {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self { all: query::is_set(&parts.uri, "all") })
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

async fn show(
    State(app): State<App>,
    me: Me,
    view: View,
    after_repeat: AfterRepeat,
) -> Result<Response, AppError> {
    render(&app, me, view, StatusCode::OK, |_, _| after_repeat.notice(), Form::default()).await
}

/// The name of each item's checkbox; its value is the item's id.
pub const ITEM: &str = "menu_item_ids";
/// The start of the name of each item's quantity field; the item's id follows.
pub const QUANTITY: &str = "quantity_";

/// What is wrong with a form of the board.
pub enum Mistake {
    Table,
    Server,
    Guests,
    Quantity,
    /// An item that was ordered is not on the menu.
    Item,
    /// Nothing was ordered.
    Nothing,
}

impl Mistake {
    /// The notice above the forms of the page. Tables and items may have disappeared since the form was
    /// shown, and then there is no field beside which the mistake can be explained.
    fn notice(&self, board: &Board, form: &Form) -> String {
        let is_on_the_menu = |id: &str| board.items().any(|item| item.id.to_string() == id);
        let is_marked = |field: &str| field.strip_prefix(QUANTITY).is_none_or(is_on_the_menu);
        match self {
            Self::Table => OrderError::NoTable.to_string(),
            Self::Server => OrderError::NoServer.to_string(),
            Self::Guests if board.open_tables.is_empty() => {
                "Every table is taken, so none was assigned.".to_owned()
            }
            Self::Guests => "The table was not assigned: see what is marked below.".to_owned(),
            Self::Quantity if form.mistakes().all(is_marked) => {
                "Nothing was added: see what is marked on the menu.".to_owned()
            }
            Self::Quantity | Self::Item => OrderError::NoItem.to_string(),
            Self::Nothing => {
                "Check something on the menu, or type how many, and then add it to an order.".to_owned()
            }
        }
    }
}

/// Redirects to the board after a form has done its work; if it was refused, shows the board with
/// what was typed and the reason.
///
/// # Errors
///
/// When the database fails.
pub async fn after(
    done: Result<Submission, OrderError>,
    app: &App,
    me: Me,
    view: View,
    form: Form,
) -> Result<Response, AppError> {
    match done {
        Ok(submission) => Ok(submission.redirect_to(view.path()).into_response()),
        Err(error) => refused(app, me, view, form, error).await,
    }
}

/// The board after something that could not be done, with what was typed and the reason.
///
/// # Errors
///
/// When the database fails.
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
    render(app, me, view, status, |_, _| Some(error.to_string()), form).await
}

/// The board after a form with a mistake in it.
///
/// # Errors
///
/// When the database fails.
pub async fn invalid(
    app: &App,
    me: Me,
    view: View,
    form: Form,
    mistake: Mistake,
) -> Result<Response, AppError> {
    let notice = |board: &_, form: &_| Some(mistake.notice(board, form));
    render(app, me, view, StatusCode::UNPROCESSABLE_ENTITY, notice, form).await
}

async fn render(
    app: &App,
    me: Me,
    view: View,
    status: StatusCode,
    notice: impl FnOnce(&Board, &Form) -> Option<String>,
    form: Form,
) -> Result<Response, AppError> {
    let view = View { all: view.all && me.employee.is_manager() };
    let employee = me.employee.clone();
    let board = app.pool.run(move |conn| board(conn, &employee, view.all)).await??;
    let days = app.config.business_days.clone();
    let notice = notice(&board, &form);
    page(status, &BoardPage { me, view, board, days, notice, form })
}
