//! Orders: assign a table, add and remove items, close, open again; and the bill.

use askama::Template;
use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use super::board::{self, ITEM, Mistake, QUANTITY, View};
use crate::app::App;
use crate::business_day::BusinessDays;
use crate::error::AppError;
use crate::form::Form;
use crate::id::Id;
use crate::models::bill::{self, Bill};
use crate::models::order::{self, OrderError};
use crate::models::order_detail::{self, LineRequest};
use crate::page::page;
use crate::security::form_token::FormToken;
use crate::security::signed_in::{Manager, Me};

pub fn router() -> Router<App> {
    Router::new()
        .route("/orders", post(assign))
        .route("/orders/{id}", get(bill))
        .route("/orders/{id}/items", post(add))
        .route("/orders/{id}/items/{line}/remove", post(remove_line))
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
    board::after(assigned, &app, me, view, form).await
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
    board::after(added, &app, me, view, form).await
}

/// The items that the form orders: those whose box is checked, and those with a quantity. Beside a
/// checked box an empty quantity means one; beside an unchecked box zero means none.
fn line_requests(form: &mut Form) -> Result<Vec<LineRequest>, Mistake> {
    let mut requests = Vec::new();
    let mut mistake = None;
    for id in ordered(form) {
        let Ok(menu_item_id) = id.parse() else { return Err(Mistake::Item) };
        match form.optional_number(&format!("{QUANTITY}{id}"), 1..=999) {
            Some(quantity) => requests.push(LineRequest { menu_item_id, quantity: quantity.unwrap_or(1) }),
            None => mistake = Some(Mistake::Quantity),
        }
    }
    match mistake {
        Some(mistake) => Err(mistake),
        None if requests.is_empty() => Err(Mistake::Nothing),
        None => Ok(requests),
    }
}

/// The ids of the items that the form orders, as they were submitted.
fn ordered(form: &Form) -> Vec<String> {
    let ordered = form.fields().filter_map(|(name, value)| match name.strip_prefix(QUANTITY) {
        None => (name == ITEM).then_some(value),
        Some(id) => (!is_none(value) && !form.has(ITEM, id)).then_some(id),
    });
    ordered.map(str::to_owned).collect()
}

/// Whether this quantity orders nothing where no box is checked.
fn is_none(quantity: &str) -> bool {
    let quantity = quantity.trim();
    quantity.is_empty() || quantity.parse() == Ok(0)
}

async fn remove_line(
    State(app): State<App>,
    me: Me,
    view: View,
    path: Result<Path<(i32, i32)>, PathRejection>,
    token: FormToken,
) -> Result<Response, AppError> {
    let Path((id, line)) = path?;
    let (employee, now) = (me.employee.clone(), app.clock.now());
    let remove = move |conn: &mut _| order_detail::remove(conn, &employee, id, line, now);
    match token.spend(&app, remove).await? {
        Ok(_) => Ok(Redirect::to(&format!("/orders/{id}")).into_response()),
        Err(error) => board::refused(&app, me, view, Form::default(), error).await,
    }
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
    board::after(closed, &app, me, view, Form::default()).await
}

async fn reopen(
    State(app): State<App>,
    Manager(me): Manager,
    Id(id): Id,
    token: FormToken,
) -> Result<Response, AppError> {
    let reopened = token.spend(&app, move |conn| order::reopen(conn, id)).await?;
    // The order may be another server's; the board has to show it.
    board::after(reopened, &app, me, View { all: true }, Form::default()).await
}

#[derive(Template)]
#[template(path = "bill.html")]
struct BillPage {
    me: Me,
    bill: Bill,
    days: BusinessDays,
}

impl BillPage {
    fn opened(&self) -> String {
        self.days.day_and_time(self.bill.order.opened_at)
    }

    fn closed(&self) -> Option<String> {
        self.bill.order.closed_at.map(|at| self.days.day_and_time(at))
    }
}

async fn bill(State(app): State<App>, me: Me, view: View, Id(id): Id) -> Result<Response, AppError> {
    let employee = me.employee.clone();
    match app.pool.run(move |conn| bill::find(conn, &employee, id)).await? {
        Ok(bill) => page(StatusCode::OK, &BillPage { me, bill, days: app.config.business_days.clone() }),
        Err(OrderError::Unknown) => Err(AppError::NotFound),
        Err(error) => board::refused(&app, me, view, Form::default(), error).await,
    }
}
