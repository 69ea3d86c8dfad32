//! The button beside the words that an order is closed.

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
use crate::models::order::undo;
use crate::security::form_token::FormToken;
use crate::security::signed_in::Me;

pub fn router() -> Router<App> {
    Router::new().route("/orders/{id}/close/undo", post(undo_close))
}

async fn undo_close(
    State(app): State<App>,
    me: Me,
    Id(id): Id,
    token: FormToken,
) -> Result<Response, AppError> {
    let (employee, now) = (me.employee.clone(), app.clock.now());
    let day_began = app.config.business_days.around(now)?.start;
    let undo = move |conn: &mut _| undo::undo_close(conn, &employee, id, day_began, now);
    let undone = token.spend(&app, undo).await?;
    // A manager may have closed another server's order; the board has to show it.
    let view = View { all: me.employee.is_manager() };
    board::after(undone, Done::Reopened, &app, me, view, Form::default()).await
}
