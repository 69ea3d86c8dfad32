//! Orders: assign a table, add items, close, open again; and the bill.

use std::ops::Range;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use groundwork::order_up::Timestamp;

use super::board::{self, ITEM, Mistake, NOTE, QUANTITY, View};
use crate::app::App;
use crate::business_day::BusinessDays;
use crate::done::Done;
use crate::error::AppError;
use crate::form::Form;
use crate::house::House;
use crate::id::Id;
use crate::models::bill::{self, Bill};
use crate::models::employee;
use crate::models::order::{self, OrderError};
use crate::models::order_detail::{self, LineRequest};
use crate::models::table::{self, Table};
use crate::page::page;
use crate::security::form_token::FormToken;
use crate::security::signed_in::{Manager, Me};
use crate::submission::AfterRepeat;

pub fn router() -> Router<App> {
    Router::new()
        .route("/orders", post(assign))
        .route("/orders/{id}", get(bill))
        .route("/orders/{id}/items", post(add))
        .route("/orders/{id}/close", post(close))
        .route("/orders/{id}/reopen", post(reopen))
}

async fn assign(
    State(app): State<App>,
    me: Me,
    view: View,
    token: FormToken,
    mut form: Form,
) -> Result<Response, AppError> {
    let (table, server) = (form.value("table_id").parse().ok(), form.value("employee_id").parse().ok());
    let guests = form.optional_number("guests", 1..=999);
    let (Some(table), Some(server), Some(guests)) = (table, server, guests) else {
        let mistake = match (table, server) {
            (None, _) => Mistake::Table,
            (_, None) => Mistake::Server,
            _ => Mistake::Guests,
        };
        return board::invalid(&app, me, view, form, mistake).await;
    };
    let now = app.clock.now();
    let assign = move |conn: &mut _| order::assign(conn, table, server, guests, now).map(drop);
    let assigned = token.spend(&app, assign).await?;
    board::after(assigned, Done::Assigned(table), &app, me, view, form).await
}

async fn add(
    State(app): State<App>,
    me: Me,
    view: View,
    Id(id): Id,
    token: FormToken,
    mut form: Form,
) -> Result<Response, AppError> {
    let requests = match line_requests(&mut form) {
        Ok(requests) => requests,
        Err(mistake) => return board::invalid(&app, me, view, form, mistake).await,
    };
    let (employee, now) = (me.employee.clone(), app.clock.now());
    let add = move |conn: &mut _| order_detail::add(conn, &employee, id, &requests, now);
    let added = token.spend(&app, add).await?;
    board::after(added, Done::Added, &app, me, view, form).await
}

/// The items that the form orders: those whose box is checked, and those with a quantity. Beside a
/// checked box an empty quantity means one; beside an unchecked box zero means none.
fn line_requests(form: &mut Form) -> Result<Vec<LineRequest>, Mistake> {
    let mut requests = Vec::new();
    let ordered = ordered(form);
    let mut is_wrong = refuse_lone_notes(form, &ordered);
    for id in ordered {
        let Ok(menu_item_id) = id.parse() else { return Err(Mistake::Item) };
        let quantity = form.optional_number(&format!("{QUANTITY}{id}"), 1..=999);
        let note = form.optional_text(&format!("{NOTE}{id}"), LONGEST_NOTE);
        if let (Some(quantity), Some(note)) = (quantity, note) {
            let (quantity, note) = (quantity.unwrap_or(1), note.unwrap_or_default());
            requests.push(LineRequest { menu_item_id, quantity, note });
        } else {
            is_wrong = true;
        }
    }
    match requests {
        _ if is_wrong => Err(Mistake::Quantity),
        requests if requests.is_empty() => Err(Mistake::Nothing),
        requests => Ok(requests),
    }
}

/// In characters, as in the table.
const LONGEST_NOTE: usize = 100;

/// Marks the notes for items that are not ordered, and returns whether there are any. Somebody who typed one has most
/// likely forgotten to check the box.
fn refuse_lone_notes(form: &mut Form, ordered: &[String]) -> bool {
    let notes = form.fields().filter(|(_, text)| !text.trim().is_empty());
    let ids = notes.filter_map(|(name, _)| name.strip_prefix(NOTE));
    let alone: Vec<_> = ids.filter(|id| !ordered.iter().any(|it| it == id)).map(str::to_owned).collect();
    for id in &alone {
        form.refuse(&format!("{NOTE}{id}"), "Check the item, type a quantity, or clear this note.");
    }
    !alone.is_empty()
}

/// The ids of the items that the form orders, as they were submitted.
fn ordered(form: &Form) -> Vec<String> {
    let ordered = form.fields().filter_map(|(name, value)| match name.strip_prefix(QUANTITY) {
        None => (name == ITEM).then_some(value),
        Some(id) => (!is_none(value) && !form.has(ITEM, id)).then_some(id),
    });
    ordered.map(str::to_owned).collect()
}

/// Whether this quantity orders nothing when its box is not checked.
fn is_none(quantity: &str) -> bool {
    let quantity = quantity.trim();
    quantity.is_empty() || quantity.parse() == Ok(0)
}

async fn close(
    State(app): State<App>,
    me: Me,
    view: View,
    Id(id): Id,
    token: FormToken,
) -> Result<Response, AppError> {
    let (employee, now) = (me.employee.clone(), app.clock.now());
    let closed = token.spend(&app, move |conn| order::close(conn, &employee, id, now)).await?;
    board::after(closed, Done::Closed(id), &app, me, view, Form::default()).await
}

async fn reopen(
    State(app): State<App>,
    Manager(me): Manager,
    Id(id): Id,
    token: FormToken,
) -> Result<Response, AppError> {
    let (employee, now) = (me.employee.clone(), app.clock.now());
    let today = app.config.business_days.around(now)?;
    let reopened = token.spend(&app, move |conn| order::reopen(conn, &employee, id, &today, now)).await?;
    // The order may be another server's; the board has to show it.
    board::after(reopened, Done::Reopened, &app, me, View { all: true }, Form::default()).await
}

#[derive(Template)]
#[template(path = "bill.html")]
struct BillPage {
    me: Me,
    bill: Bill,
    house: House,
    days: BusinessDays,
    /// The current business day.
    today: Range<Timestamp>,
    /// The tables and servers that the order can move to.
    free_tables: Vec<Table>,
    servers: Vec<(i32, String)>,
    notice: Option<String>,
}

impl BillPage {
    fn opened(&self) -> String {
        self.days.day_and_time(self.bill.order.opened_at)
    }

    fn closed(&self) -> Option<String> {
        self.bill.order.closed_at.map(|at| self.days.day_and_time(at))
    }
}

async fn bill(
    State(app): State<App>,
    me: Me,
    view: View,
    Id(id): Id,
    after_repeat: AfterRepeat,
) -> Result<Response, AppError> {
    let employee = me.employee.clone();
    let find = move |conn: &mut _| {
        let bill = bill::find(conn, &employee, id)?;
        Ok::<_, OrderError>((bill, table::free(conn)?, employee::servers(conn)?))
    };
    match app.pool.run(find).await? {
        Ok((bill, free_tables, servers)) => {
            let (house, days) = (app.config.house.clone(), app.config.business_days.clone());
            let today = days.around(app.clock.now())?;
            let notice = after_repeat.notice();
            page(StatusCode::OK, &BillPage { me, bill, house, days, today, free_tables, servers, notice })
        }
        Err(OrderError::Unknown) => Err(AppError::NotFound),
        Err(error) => board::refused(&app, me, view, Form::default(), error).await,
    }
}
