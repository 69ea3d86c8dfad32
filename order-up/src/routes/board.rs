//! The board: open tables to assign, open orders, and the menu to add from.

use std::convert::Infallible;

use askama::Template;
use axum::Router;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use groundwork::order_up::Timestamp;

use crate::app::App;
use crate::business_day::BusinessDays;
use crate::done::Done;
use crate::error::AppError;
use crate::find::{FIND, LONG, Words};
use crate::form::Form;
use crate::kept::Kept;
use crate::models::bill::Bill;
use crate::models::board::{Board, board};
use crate::models::menu::{MenuItem, Section};
use crate::models::order::OrderError;
use crate::page::page;
use crate::query;
use crate::security::headers::WITH_SCRIPT;
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
    now: Timestamp,
    notice: Option<String>,
    /// What was typed into a form that could not be accepted.
    form: Form,
    /// Whether the menu is so long that one looks for a dish.
    is_long: bool,
    /// What was looked for on it.
    words: Words,
}

impl BoardPage {
    /// When the order was opened, on the restaurant's clock.
    fn since(&self, bill: &Bill) -> String {
        self.days.time(bill.order.opened_at)
    }

    fn is_sold_out(&self, item: &MenuItem) -> bool {
        item.is_sold_out(self.now)
    }

    /// Whether a dish is on the screen: it was looked for, or is ordered.
    fn is_shown(&self, item: &MenuItem, kind: &str) -> bool {
        !self.is_long
            || self.words.are_in(&item.name, kind)
            || self.form.has(ITEM, &item.id)
            || [QUANTITY, NOTE]
                .iter()
                .any(|field| !self.form.value(&format!("{field}{}", item.id)).trim().is_empty())
    }

    fn has_shown(&self, section: &Section) -> bool {
        section.items.iter().any(|item| self.is_shown(item, &section.kind))
    }

    /// The fields with a mistake, and what they are called.
    fn marked(&self) -> Vec<(&str, &str)> {
        let name = |field: &str| {
            if field == "guests" {
                return Some("Guests");
            }
            self.board.item(item_of(field)?).map(|item| item.name.as_str())
        };
        self.form.mistakes().filter_map(|field| Some((field, name(field)?))).collect()
    }
}

async fn show(
    State(app): State<App>,
    me: Me,
    view: View,
    after_repeat: AfterRepeat,
    kept: Kept,
    uri: Uri,
) -> Result<Response, AppError> {
    let (form, still_here) = kept.take().unzip();
    let notice = |_: &_, _: &_| still_here.or(after_repeat.notice());
    let found = || Form::read_from(uri.query().unwrap_or_default().as_bytes());
    let form = form.or_else(|| query::is_set(&uri, FIND).then(found)).unwrap_or_default();
    render(&app, me, view, StatusCode::OK, notice, form).await
}

/// The board with what was typed.
///
/// # Errors
///
/// When the database fails.
pub async fn with(
    app: &App,
    me: Me,
    view: View,
    status: StatusCode,
    form: Form,
) -> Result<Response, AppError> {
    render(app, me, view, status, |_, _| None, form).await
}

/// The name of each item's checkbox; its value is the item's id.
pub const ITEM: &str = "menu_item_ids";
/// The start of the name of each item's quantity field; the item's id follows.
pub const QUANTITY: &str = "quantity_";
/// The start of the name of each item's note.
pub const NOTE: &str = "note_";

/// What is wrong with a form of the board.
pub enum Mistake {
    Table,
    Server,
    Guests,
    /// How many of an item, or the note for it.
    Quantity,
    /// An item that was ordered is not on the menu.
    Item,
    /// Nothing was ordered.
    Nothing,
}

impl Mistake {
    /// The notice above the forms of the page. Tables and items may have disappeared since the form was
    /// shown, and then there is no field beside which the mistake can be explained.
    fn notice(&self, board: &Board, form: &Form, now: Timestamp) -> String {
        let has_field = |id: &str| board.item(id).is_some_and(|item| !item.is_sold_out(now));
        let unmarked = form.mistakes().filter_map(item_of).find(|id| !has_field(id));
        match self {
            Self::Table => OrderError::NoTable.to_string(),
            Self::Server => OrderError::NoServer.to_string(),
            Self::Guests if board.open_tables.is_empty() => {
                "Every table is taken, so none was assigned.".to_owned()
            }
            Self::Guests => "The table was not assigned. Fix what is marked below.".to_owned(),
            Self::Quantity if unmarked.is_none() => {
                "Nothing was added. Fix what is marked on the menu.".to_owned()
            }
            Self::Quantity | Self::Item => {
                let sold_out = unmarked.and_then(|id| board.item(id)).map(|item| item.name.clone());
                sold_out.map_or(OrderError::NoItem, |item| OrderError::SoldOut { item }).to_string()
            }
            Self::Nothing => {
                "Check an item on the menu or type a quantity, then add it to an order.".to_owned()
            }
        }
    }
}

/// The id of the item that a field of the menu is for.
fn item_of(field: &str) -> Option<&str> {
    field.strip_prefix(QUANTITY).or(field.strip_prefix(NOTE))
}

/// Redirects to the board after a form has done its work; if it failed, shows the board with what was
/// typed and the reason.
///
/// # Errors
///
/// When the database fails.
pub async fn after(
    submission: Result<Submission, OrderError>,
    done: Done,
    app: &App,
    me: Me,
    view: View,
    form: Form,
) -> Result<Response, AppError> {
    match submission {
        Ok(submission) => Ok(submission.redirect_to(view.path(), done)),
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
        OrderError::TooMany | OrderError::NoReason => StatusCode::UNPROCESSABLE_ENTITY,
        OrderError::Closed { .. }
        | OrderError::AnotherDay { .. }
        | OrderError::TableTaken { .. }
        | OrderError::NoTable
        | OrderError::NoServer
        | OrderError::NoItem
        | OrderError::SoldOut { .. }
        | OrderError::OtherQuantity { .. }
        | OrderError::TooLate => StatusCode::CONFLICT,
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
    let now = app.clock.now();
    let notice = |board: &_, form: &_| Some(mistake.notice(board, form, now));
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
    let (now, notice) = (app.clock.now(), notice(&board, &form));
    let words = Words::new(form.value(FIND));
    let is_long = board.items().count() > LONG;
    let page = page(status, &BoardPage { me, view, board, days, now, notice, form, is_long, words })?;
    Ok(if is_long { ([WITH_SCRIPT], page).into_response() } else { page })
}
