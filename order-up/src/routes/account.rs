//! An employee's own page, on which they change their password.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use axum_login::AuthSession;

use crate::app::App;
use crate::done::Done;
use crate::error::AppError;
use crate::form::Form;
use crate::models::employee;
use crate::models::failed_sign_in;
use crate::page::page;
use crate::security::address::Address;
use crate::security::employees::{Employees, begin_session};
use crate::security::form_token::FormToken;
use crate::security::signed_in::Me;
use crate::security::throttle::{TOO_MANY, wait_for_turn};

pub fn router() -> Router<App> {
    Router::new().route("/account", get(show).post(change_password))
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    me: Me,
    form: Form,
}

async fn show(me: Me) -> Result<Response, AppError> {
    page(StatusCode::OK, &AccountPage { me, form: Form::default() })
}

async fn change_password(
    State(app): State<App>,
    mut auth: AuthSession<Employees>,
    me: Me,
    address: Address,
    token: FormToken,
    mut form: Form,
) -> Result<Response, AppError> {
    // Somebody who finds a signed-in tablet must not try passwords faster than on the sign-in page.
    let (number, place, now) = (me.employee.employee_number, address.text(), app.clock.now());
    let Some(_queued) = wait_for_turn(&app, number, &place).await? else {
        form.refuse("current_password", TOO_MANY);
        return page(StatusCode::TOO_MANY_REQUESTS, &AccountPage { me, form });
    };

    let (current, stored) = (form.value("current_password").to_owned(), me.employee.hashed_password.clone());
    let is_mine = app.passwords.verify(current, Some(stored)).await;
    if is_mine {
        app.pool.run(move |conn| failed_sign_in::forget(conn, number, &place, now)).await??;
    } else {
        form.refuse("current_password", "That is not your current password.");
    }
    let (true, Some(password)) = (is_mine, form.new_password("new_password")) else {
        return page(StatusCode::UNPROCESSABLE_ENTITY, &AccountPage { me, form });
    };
    let (id, hashed) = (me.employee.id, app.passwords.hash(password).await?);
    let set = token.spend(&app, move |conn| employee::set_password(conn, id, &hashed)).await??;
    // All sessions with the old password end now. This one starts over.
    let employee = app.pool.run(move |conn| employee::find(conn, id)).await??;
    begin_session(&mut auth, &employee, now).await?;
    Ok(set.redirect_to("/", Done::PasswordSet))
}
