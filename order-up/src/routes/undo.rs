//! The button below the confirmation that an order is closed, or that something is off it.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;

use super::board::{self, View};
use crate::app::App;
use crate::done::Done;
use crate::error::AppError;
use crate::form::Form;
use crate::id::{Id, Ids};
use crate::models::{order, order_detail};
use crate::security::form_token::FormToken;
use crate::security::signed_in::Me;

pub fn router() -> Router<App> {
    Router::new()
        .route("/orders/{id}/close/undo", post(undo_close))
        .route("/orders/{id}/taken-back/{entry}/undo", post(put_back))
}

async fn undo_close(
    State(app): State<App>,
    me: Me,
    Id(id): Id,
    token: FormToken,
) -> Result<Response, AppError> {
    let (employee, now) = (me.employee.clone(), app.clock.now());
    let day_began = app.config.business_days.around(now)?.start;
    let undo = move |conn: &mut _| order::undo::undo_close(conn, &employee, id, day_began, now);
    let undone = token.spend(&app, undo).await?;
    // A manager may have closed another server's order; the board has to show it.
    let view = View { all: me.employee.is_manager() };
    board::after(undone, Done::Reopened, &app, me, view, Form::default()).await
}

async fn put_back(
    State(app): State<App>,
    me: Me,
    Ids(id, entry): Ids,
    token: FormToken,
) -> Result<Response, AppError> {
    let (employee, now) = (me.employee.clone(), app.clock.now());
    let day_began = app.config.business_days.around(now)?.start;
    let undo = move |conn: &mut _| order_detail::undo::undo(conn, &employee, id, entry, day_began, now);
    match token.spend(&app, undo).await? {
        Ok(submission) => Ok(submission.redirect_to(&format!("/orders/{id}"), Done::PutBack)),
        Err(error) => board::refused(&app, me, View::default(), Form::default(), error).await,
    }
}
