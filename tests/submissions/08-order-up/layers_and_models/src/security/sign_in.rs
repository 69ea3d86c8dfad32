//! The door.

use askama::Template;
use askama_web::WebTemplate;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::AuthSession;
use super::backend::Credentials;
use crate::error::AppError;

#[derive(Template, WebTemplate)]
#[template(path = "sign_in.html")]
struct Door {
    action: String,
    is_wrong: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    next: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    number: String,
    password: String,
}

/// Where somebody signs in who has asked for this page.
pub fn address(asked_for: &str) -> String {
    if asked_for == "/" || !is_ours(asked_for) {
        return "/session/".to_owned();
    }
    let next: String = form_urlencoded::byte_serialize(asked_for.as_bytes()).collect();
    format!("/session/?next={next}")
}

/// Whether a browser would look for this page here, and not at another site.
fn is_ours(page: &str) -> bool {
    // Browsers take `\` for `/`, leave out tabs, and go elsewhere after `//`.
    page.starts_with('/')
        && !page.starts_with("//")
        && page.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

pub async fn show(Query(asked): Query<Asked>, auth: AuthSession) -> Response {
    if auth.user.is_some() {
        return Redirect::to("/").into_response();
    }
    Door { action: address(&asked.next), is_wrong: false }.into_response()
}

pub async fn sign_in(
    Query(asked): Query<Asked>,
    mut auth: AuthSession,
    Form(typed): Form<Typed>,
) -> Result<Response, AppError> {
    let typed = Credentials { number: typed.number, password: typed.password };
    let Some(employee) = auth.authenticate(typed).await? else {
        let door = Door { action: address(&asked.next), is_wrong: true };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, door).into_response());
    };
    // Whoever was signed in on this tablet is not any more, and a copy of that cookie is worthless.
    if auth.session.id().is_some() {
        auth.session.clear().await;
        auth.session.cycle_id().await?;
    }
    auth.login(&employee).await?;
    let next = if is_ours(&asked.next) { &asked.next } else { "/" };
    Ok(Redirect::to(next).into_response())
}

pub async fn sign_out(mut auth: AuthSession) -> Result<Redirect, AppError> {
    auth.logout().await?;
    Ok(Redirect::to("/session/"))
}
