//! Orders that go to another table or to another server.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;

use super::board::{self, View};
use crate::app::App;
use crate::done::Done;
use crate::error::AppError;
use crate::form::Form;
use crate::id::Id;
use crate::models::order::{OrderError, transfer};
use crate::security::form_token::FormToken;
use crate::security::signed_in::Me;

pub fn router() -> Router<App> {
    Router::new()
        .route("/orders/{id}/move", post(move_to_table))
        .route("/orders/{id}/hand-over", post(hand_over))
}

async fn move_to_table(
    State(app): State<App>,
    me: Me,
    view: View,
    Id(id): Id,
    token: FormToken,
    form: Form,
) -> Result<Response, AppError> {
    let Ok(table) = form.value("table_id").parse() else {
        return board::refused(&app, me, view, Form::default(), OrderError::NoTable).await;
    };
    let (employee, now) = (me.employee.clone(), app.clock.now());
    let work = move |conn: &mut _| transfer::move_to_table(conn, &employee, id, table, now);
    let moved = token.spend(&app, work).await?;
    board::after(moved, Done::Moved, &app, me, view, Form::default()).await
}

async fn hand_over(
    State(app): State<App>,
    me: Me,
    view: View,
    Id(id): Id,
    token: FormToken,
    form: Form,
) -> Result<Response, AppError> {
    let Ok(server) = form.value("employee_id").parse() else {
        return board::refused(&app, me, view, Form::default(), OrderError::NoServer).await;
    };
    let (employee, now) = (me.employee.clone(), app.clock.now());
    let work = move |conn: &mut _| transfer::hand_over(conn, &employee, id, server, now);
    let handed_over = token.spend(&app, work).await?;
    board::after(handed_over, Done::HandedOver, &app, me, view, Form::default()).await
}
