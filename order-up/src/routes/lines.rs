//! One line of an order: more of it, fewer, or taken back with a reason.

use askama::Template;
use axum::Router;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::{get, post};

use super::board::{self, View};
use crate::app::App;
use crate::done::Done;
use crate::error::AppError;
use crate::form::Form;
use crate::kept::Kept;
use crate::models::order::{self, OrderError};
use crate::models::order_detail::OrderDetail;
use crate::models::order_detail::quantity::{self, NewQuantity};
use crate::page::page;
use crate::security::form_token::FormToken;
use crate::security::signed_in::Me;

pub fn router() -> Router<App> {
    Router::new()
        .route("/orders/{id}/items/{line}", get(show).post(change))
        .route("/orders/{id}/items/{line}/remove", post(take_back))
}

/// What a server in a hurry can choose with one tap. The log keeps the words, so the list can change.
const REASONS: [&str; 6] = [
    "wrong dish",
    "entered by mistake",
    "guests changed their mind",
    "took too long",
    "not as it should be",
    "sold out",
];

/// What is typed in place of a choice, or to add to it. In characters.
const LONGEST_REASON: usize = 100;

/// The order and the line that a path names.
#[derive(Clone, Copy)]
struct Place {
    order: i32,
    line: i32,
}

impl<S: Send + Sync> FromRequestParts<S> for Place {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let Path((order, line)) = Path::from_request_parts(parts, state).await?;
        Ok(Self { order, line })
    }
}

#[derive(Template)]
#[template(path = "line.html")]
struct LinePage {
    me: Me,
    table_number: i32,
    line: OrderDetail,
    form: Form,
    notice: Option<String>,
}

async fn show(State(app): State<App>, me: Me, place: Place, kept: Kept) -> Result<Response, AppError> {
    let (form, notice) = kept.take().unzip();
    render(&app, me, StatusCode::OK, place, form.unwrap_or_default(), notice).await
}

async fn change(
    State(app): State<App>,
    me: Me,
    place: Place,
    token: FormToken,
    mut form: Form,
) -> Result<Response, AppError> {
    let to = form.number("quantity", 0..=999);
    set(&app, me, place, token, form, to).await
}

async fn take_back(
    State(app): State<App>,
    me: Me,
    place: Place,
    token: FormToken,
    form: Form,
) -> Result<Response, AppError> {
    set(&app, me, place, token, form, Some(0)).await
}

/// Changes the line to so many, if nothing is wrong with the form.
async fn set(
    app: &App,
    me: Me,
    place: Place,
    token: FormToken,
    mut form: Form,
    to: Option<i32>,
) -> Result<Response, AppError> {
    // No line has none, so a form that does not say what it was made from changes nothing.
    let from = form.value("was").parse().unwrap_or(0);
    let (Some(to), Some(reason)) = (to, reason(&mut form)) else {
        return render(app, me, StatusCode::UNPROCESSABLE_ENTITY, place, form, None).await;
    };
    if to < from && reason.is_none() {
        form.refuse("reason", OrderError::NoReason.to_string());
        return render(app, me, StatusCode::UNPROCESSABLE_ENTITY, place, form, None).await;
    }
    let (employee, now, new) = (me.employee.clone(), app.clock.now(), NewQuantity { from, to, reason });
    let work = move |conn: &mut _| quantity::set(conn, &employee, place.order, place.line, &new, now);
    match token.spend(app, work).await? {
        Ok(submission) => {
            let order = place.order;
            let done = |entry: Option<_>| entry.map_or(Done::Saved, |entry| Done::TakenOff { order, entry });
            Ok(submission.redirect_with(&format!("/orders/{order}"), done))
        }
        Err(error @ (OrderError::OtherQuantity { .. } | OrderError::SoldOut { .. } | OrderError::NoItem)) => {
            render(app, me, StatusCode::CONFLICT, place, form, Some(error.to_string())).await
        }
        Err(error) => board::refused(app, me, View::default(), Form::default(), error).await,
    }
}

/// What was chosen, what was typed, or both; the inner `None` is neither. The outer one is an error.
fn reason(form: &mut Form) -> Option<Option<String>> {
    let chosen = REASONS.into_iter().find(|reason| form.value("reason") == *reason);
    let words = form.optional_text("words", LONGEST_REASON)?;
    Some(match (chosen, words) {
        (Some(chosen), Some(words)) => Some(format!("{chosen}, {words}")),
        (chosen, words) => words.or(chosen.map(str::to_owned)),
    })
}

async fn render(
    app: &App,
    me: Me,
    status: StatusCode,
    place: Place,
    mut form: Form,
    notice: Option<String>,
) -> Result<Response, AppError> {
    let employee = me.employee.clone();
    let find = move |conn: &mut _| {
        let (order, table_number, _) = order::find(conn, &employee, place.order)?;
        match order.closed_at {
            None => Ok((table_number, quantity::find(conn, place.order, place.line)?)),
            Some(_) => Err(OrderError::Closed { table_number }),
        }
    };
    match app.pool.run(find).await? {
        Ok((table_number, line)) => {
            if form.fields().all(|(name, _)| name != "quantity") {
                form.set("quantity", &line.quantity.to_string());
            }
            page(status, &LinePage { me, table_number, line, form, notice })
        }
        Err(error) => board::refused(app, me, View::default(), Form::default(), error).await,
    }
}
