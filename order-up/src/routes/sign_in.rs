//! Signing in and out.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum_login::AuthSession;
use groundwork::order_up::form_token;
use groundwork::order_up::passwords::DEMO_PASSWORD;
use groundwork::write;
use tower_cookies::Cookies;

use crate::app::App;
use crate::error::AppError;
use crate::form::Form;
use crate::kept;
use crate::models::failed_sign_in;
use crate::page::page;
use crate::query;
use crate::security::address::Address;
use crate::security::employees::{Credentials, Employees, begin_session};
use crate::security::session_store;
use crate::security::signed_in::{ENDED, safe_redirect};
use crate::security::throttle::{TOO_MANY, wait_for_turn};
use crate::security::visitor::Visitor;

pub fn router() -> Router<App> {
    Router::new()
        .route("/session/", get(show).post(sign_in))
        .route("/session", get(async || Redirect::permanent("/session/")))
}

/// The route that needs a signed-in employee.
pub fn sign_out_router() -> Router<App> {
    Router::new().route("/session/logout", post(sign_out))
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    token: String,
    next: String,
    notice: Option<&'static str>,
    form: Form,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    cookies: Cookies,
    uri: Uri,
) -> Result<Response, AppError> {
    let next = query::value(&uri, "next").unwrap_or_default();
    let ended = query::value(&uri, ENDED).map(|_| "1".to_owned()).unwrap_or_default();
    render(&app, visitor, &cookies, StatusCode::OK, &Form::filled([("next", next), (ENDED, ended)]))
}

/// Attempts without a number are throttled together, under a number that no employee can have.
const WITHOUT_NUMBER: i32 = 0;

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
    let (number, place, now) = (employee_number.unwrap_or(WITHOUT_NUMBER), address.text(), app.clock.now());

    let Some(_queued) = wait_for_turn(&app, number, &place).await? else {
        form.refuse("password", TOO_MANY);
        return render(&app, visitor, &cookies, StatusCode::TOO_MANY_REQUESTS, &form);
    };

    let is_demo = password == DEMO_PASSWORD;
    let Some(employee) = auth.authenticate(Credentials { employee_number, password }).await? else {
        form.refuse("password", "The employee number or the password is wrong.");
        return render(&app, visitor, &cookies, StatusCode::UNPROCESSABLE_ENTITY, &form);
    };
    if is_demo && !address.is_this_machine() {
        form.refuse("password", ONLY_HERE);
        return render(&app, visitor, &cookies, StatusCode::FORBIDDEN, &form);
    }
    begin_session(&mut auth, &employee, now).await?;
    let tidy = move |conn: &mut _| {
        write(conn, |conn| {
            failed_sign_in::forget(conn, number, &place, now)?;
            session_store::delete_expired(conn, now)?;
            form_token::delete_old(conn, now)
        })
    };
    app.pool.run(tidy).await??;
    Ok(Redirect::to(&safe_redirect(form.value("next"))).into_response())
}

async fn sign_out(mut auth: AuthSession<Employees>) -> Result<Redirect, AppError> {
    auth.logout().await?;
    Ok(Redirect::to("/session/"))
}

fn render(
    app: &App,
    visitor: Visitor,
    cookies: &Cookies,
    status: StatusCode,
    form: &Form,
) -> Result<Response, AppError> {
    let visitor = visitor.or_new(cookies, &app.config);
    let token = form_token::issue(&app.config.secret_key, &visitor);
    let next = safe_redirect(form.value("next"));
    let notice =
        if kept::is_in(&next) { Some(KEPT) } else { (!form.value(ENDED).is_empty()).then_some(NOTHING_DONE) };
    page(status, &SignInPage { token, next, notice, form: form.clone() })
}

const KEPT: &str = "Your session had ended, so nothing was changed. Sign in: what you typed has been kept.";
const NOTHING_DONE: &str = "Your session had ended, so nothing was changed. Sign in and try again.";

const ONLY_HERE: &str = "The demo password works only on the machine that runs Order Up. Sign in there, and choose a \
                         new one on your account page.";
