//! The button beside the field that finds dishes, for browsers that run no scripts.
//!
//! The field belongs to the form of the menu, so what is checked is sent along and checked again on the page that
//! follows. The form also holds a token, which must not get into an address. So it is sent with POST, changes nothing,
//! and leads to the address of what was found.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use form_urlencoded::Serializer;

use super::board::{self, View};
use crate::app::App;
use crate::error::AppError;
use crate::find::FIND;
use crate::form::{Form, TOKEN};
use crate::security::signed_in::Me;

pub fn router() -> Router<App> {
    Router::new().route("/find", post(find))
}

/// Some proxies refuse longer addresses. In bytes.
const LONGEST: usize = 2 * 1024;

async fn find(State(app): State<App>, me: Me, view: View, form: Form) -> Result<Response, AppError> {
    let address = address(view, &form);
    if address.len() > LONGEST {
        return board::with(&app, me, view, StatusCode::OK, form).await;
    }
    Ok(Redirect::to(&address).into_response())
}

/// The board with what was looked for, and with what was checked and typed.
fn address(view: View, form: &Form) -> String {
    let typed =
        form.fields().filter(|(name, value)| *name != TOKEN && *name != FIND && !value.trim().is_empty());
    let mut query = Serializer::new(String::new());
    if view.all {
        query.append_key_only("all");
    }
    query.append_pair(FIND, form.value(FIND).trim()).extend_pairs(typed);
    format!("/?{}", query.finish())
}
