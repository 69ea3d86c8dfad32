//! Signing in and out.

use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum_login::AuthSession;
use tower_cookies::Cookies;

use super::page;
use crate::app::App;
use crate::error::AppError;
use crate::form::Form;
use crate::models::{failed_sign_in, spent_token};
use crate::security::address::Address;
use crate::security::employees::{Credentials, Employees, begin_session};
use crate::security::form_token;
use crate::security::passwords::DEMO_PASSWORD;
use crate::security::session_store;
use crate::security::signed_in::own_page;
use crate::security::visitor::Visitor;
use groundwork::write;

pub fn router() -> Router<App> {
    Router::new()
        .route("/session/", get(show).post(sign_in))
        .route("/session", get(async || Redirect::permanent("/session/")))
}

/// For who has signed in.
pub fn out_router() -> Router<App> {
    Router::new().route("/session/logout", post(sign_out))
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    token: String,
    next: String,
    form: Form,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    cookies: Cookies,
    uri: Uri,
) -> Result<Response, AppError> {
    let query = uri.query().unwrap_or_default();
    let next = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "next");
    let next = next.map(|(_, next)| next.into_owned()).unwrap_or_default();
    answer(&app, visitor, &cookies, StatusCode::OK, &Form::filled([("next", next)]))
}

async fn sign_in(
    State(app): State<App>,
    mut auth: AuthSession<Employees>,
    visitor: Visitor,
    cookies: Cookies,
    address: Address,
    mut form: Form,
) -> Result<Response, AppError> {
    let employee_number: Option<i32> = form.value("employee_number").trim().parse().ok();
    let password = form.value("password").to_owned();
    let (number, place, now) = (employee_number.unwrap_or(0), address.text(), app.clock.now());

    if !wait_for_turn(&app, number, &place).await? {
        form.refuse("password", TOO_MANY);
        return answer(&app, visitor, &cookies, StatusCode::TOO_MANY_REQUESTS, &form);
    }

    let is_demo = password == DEMO_PASSWORD;
    let Some(employee) = auth.authenticate(Credentials { employee_number, password }).await? else {
        form.refuse("password", "This number and password do not belong together.");
        return answer(&app, visitor, &cookies, StatusCode::UNPROCESSABLE_ENTITY, &form);
    };
    if is_demo && !address.is_this_machine() {
        form.refuse("password", ONLY_HERE);
        return answer(&app, visitor, &cookies, StatusCode::FORBIDDEN, &form);
    }
    begin_session(&mut auth, &employee, now).await?;
    let tidy = move |conn: &mut _| {
        write(conn, |conn| {
            failed_sign_in::forget(conn, number, &place, now)?;
            session_store::delete_expired(conn, now)?;
            spent_token::delete_old(conn, now)
        })
    };
    app.pool.run(tidy).await??;
    Ok(Redirect::to(&own_page(form.value("next"))).into_response())
}

async fn sign_out(mut auth: AuthSession<Employees>) -> Result<Redirect, AppError> {
    // Task: Log out, and lead to the sign-in page.
    auth.logout().await?;
    Ok(Redirect::to("/session/"))
}

/// Waits until this number may be tried from this place. `false`: so many tries wait already that this
/// one is not made at all.
pub(super) async fn wait_for_turn(app: &App, number: i32, place: &str) -> Result<bool, AppError> {
    let (place, now) = (place.to_owned(), app.clock.now());
    let turn = app.pool.run(move |conn| failed_sign_in::take_turn(conn, number, &place, now)).await??;
    let Some(seconds) = turn else { return Ok(false) };
    tokio::time::sleep(Duration::from_secs(seconds.cast_unsigned())).await;
    Ok(true)
}

pub(super) const TOO_MANY: &str = "Too many tries at once. Wait half a minute, and try again.";

fn answer(
    app: &App,
    visitor: Visitor,
    cookies: &Cookies,
    status: StatusCode,
    form: &Form,
) -> Result<Response, AppError> {
    let visitor = visitor.known(cookies, &app.config);
    let token = form_token::issue(&app.config.secret_key, &visitor);
    page(status, &SignInPage { token, next: own_page(form.value("next")), form: form.clone() })
}

const ONLY_HERE: &str = "The demo password works on the machine that runs Order Up, and nowhere else. Sign in there, \
                         and choose another on the page with your name.";
