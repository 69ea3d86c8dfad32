//! The buttons that move a type up or down the menu.
//!
//! A form names both types that change places. So the button that moves one up and the one that moves the other down
//! submit the same form: pressing both on one page moves them once.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;

use super::menu;
use crate::app::App;
use crate::done::Done;
use crate::error::AppError;
use crate::form::Form;
use crate::id::Ids;
use crate::models::menu::MenuError;
use crate::models::menu::types::{self, Shown};
use crate::security::form_token::FormToken;
use crate::security::signed_in::Manager;

pub fn router() -> Router<App> {
    Router::new().route("/menu/types/{upper}/swap/{lower}", post(swap))
}

async fn swap(
    State(app): State<App>,
    Manager(me): Manager,
    Ids(upper, lower): Ids,
    token: FormToken,
    form: Form,
) -> Result<Response, AppError> {
    // No type is in position 0, so a form that does not say where the types were moves none.
    let shown = |id, field| Shown { id, position: form.value(field).parse().unwrap_or(0) };
    let (upper, lower) = (shown(upper, "upper"), shown(lower, "lower"));
    match token.spend(&app, move |conn| types::swap(conn, upper, lower)).await? {
        Ok(submission) => Ok(submission.redirect_to("/menu", Done::TypeMoved)),
        Err(error @ MenuError::Reordered) => menu::refused(&app, me, None, Form::default(), error).await,
        Err(error) => Err(error.into()),
    }
}
