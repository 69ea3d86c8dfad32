//! What is done with orders: assign a table, add, remove, close, open again; and the bill.

use askama::Template;
use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use super::board::{self, View};
use super::{Id, page};
use crate::app::App;
use crate::business_day::BusinessDays;
use crate::error::AppError;
use crate::form::Form;
use crate::models::order::{self, Bill, OrderError, Wish};
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
    let table = form.number("table_id", 1..=i32::MAX);
    let server = form.number("employee_id", 1..=i32::MAX);
    let guests = form.optional_number("guests", 1..=999);
    let (Some(table), Some(server), Some(guests)) = (table, server, guests) else {
        return board::mistaken(
            &app,
            me,
            view,
            form,
            "The table was not assigned: see what is marked below.",
        )
        .await;
    };
    let now = app.clock.now();
    let assign = move |conn: &mut _| order::assign(conn, table, server, guests, now).map(drop);
    match app.write_once(token, assign).await? {
        Ok(sent) => Ok(view.back(sent).into_response()),
        Err(error) => board::refused(&app, me, view, form, error).await,
    }
}

async fn add(
    State(app): State<App>,
    me: Me,
    view: View,
    Id(id): Id,
    token: FormToken,
    mut form: Form,
) -> Result<Response, AppError> {
    let Some(wishes) = wishes(&mut form) else {
        return board::mistaken(&app, me, view, form, "Nothing was added: see what is marked on the menu.")
            .await;
    };
    if wishes.is_empty() {
        let notice = "Check something on the menu first, then add it to an order.";
        return board::mistaken(&app, me, view, form, notice).await;
    }
    let (employee, now) = (me.employee.clone(), app.clock.now());
    match app.write_once(token, move |conn| order::add(conn, &employee, id, &wishes, now)).await? {
        Ok(sent) => Ok(view.back(sent).into_response()),
        Err(error) => board::refused(&app, me, view, form, error).await,
    }
}

/// The items that are checked, with the quantity beside each; none typed is one.
fn wishes(form: &mut Form) -> Option<Vec<Wish>> {
    let checked: Vec<_> = form.values("menu_item_ids").map(str::to_owned).collect();
    let mut wishes = Vec::new();
    let mut all_fine = true;
    for id in checked {
        let field = format!("quantity_{id}");
        match (id.parse(), form.optional_number(&field, 1..=999)) {
            (Ok(menu_item_id), Some(quantity)) => {
                wishes.push(Wish { menu_item_id, quantity: quantity.unwrap_or(1) });
            }
            _ => all_fine = false,
        }
    }
    all_fine.then_some(wishes)
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
    let remove = move |conn: &mut _| order::remove_line(conn, &employee, id, line, now);
    match app.write_once(token, remove).await? {
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
    match app.write_once(token, move |conn| order::close(conn, &employee, id, now)).await? {
        Ok(sent) => Ok(view.back(sent).into_response()),
        Err(error) => board::refused(&app, me, view, Form::default(), error).await,
    }
}

async fn reopen(
    State(app): State<App>,
    Manager(me): Manager,
    Id(id): Id,
    token: FormToken,
) -> Result<Response, AppError> {
    // It may be another server's, and should be seen.
    let view = View::of_everybody();
    match app.write_once(token, move |conn| order::reopen(conn, id)).await? {
        Ok(sent) => Ok(view.back(sent).into_response()),
        Err(error) => board::refused(&app, me, view, Form::default(), error).await,
    }
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
    match app.pool.run(move |conn| order::bill(conn, &employee, id)).await? {
        Ok(bill) => page(StatusCode::OK, &BillPage { me, bill, days: app.config.business_days.clone() }),
        Err(OrderError::Unknown) => Err(AppError::NotFound),
        Err(error) => board::refused(&app, me, view, Form::default(), error).await,
    }
}
