//! The kitchen's screen, for every employee: the dishes to cook, with a button for each one that is done.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::app::App;
use crate::done::Done;
use crate::error::AppError;
use crate::form::Form;
use crate::id::Id;
use crate::live::parts::KitchenPart;
use crate::models::kitchen::{self, KitchenError};
use crate::page::page;
use crate::security::form_token::FormToken;
use crate::security::headers::OF_LIVE_PAGE;
use crate::security::signed_in::Me;
use crate::submission::{AfterRepeat, Submission};

pub fn router() -> Router<App> {
    Router::new()
        .route("/kitchen", get(show))
        .route("/kitchen/lines/{id}/done", post(mark_done))
        .route("/kitchen/done/{id}/undo", post(undo))
}

#[derive(Template)]
#[template(path = "kitchen.html")]
struct KitchenPage {
    me: Me,
    part: String,
    /// The time of day at which the dishes were read.
    time: String,
    notice: Option<String>,
}

async fn render(app: &App, me: Me, status: StatusCode, notice: Option<String>) -> Result<Response, AppError> {
    let now = app.clock.now();
    let kitchen = app.pool.run(move |conn| kitchen::kitchen(conn, now)).await??;
    let part = KitchenPart { kitchen: &kitchen, now }.render()?;
    let time = app.config.business_days.time(now);
    let page = page(status, &KitchenPage { me, part, time, notice })?;
    Ok(([OF_LIVE_PAGE], page).into_response())
}

async fn show(State(app): State<App>, me: Me, after_repeat: AfterRepeat) -> Result<Response, AppError> {
    render(&app, me, StatusCode::OK, after_repeat.notice()).await
}

/// The field with the value of the button: how many portions were cooked before, and how many the button is for.
/// Portions that were ordered meanwhile are not included.
const SEEN: &str = "seen";

fn seen(form: &Form) -> Option<(i32, i32)> {
    let (cooked, quantity) = form.value(SEEN).split_once(' ')?;
    let (cooked, quantity) = (cooked.parse().ok()?, quantity.parse().ok()?);
    (cooked >= 0 && quantity > 0).then_some((cooked, quantity))
}

async fn mark_done(
    State(app): State<App>,
    me: Me,
    Id(id): Id,
    token: FormToken,
    form: Form,
) -> Result<Response, AppError> {
    // No button has such a value.
    let Some((cooked, quantity)) = seen(&form) else { return Err(AppError::NotFound) };
    let now = app.clock.now();
    let done = token.spend(&app, move |conn| kitchen::mark_cooked(conn, id, cooked, quantity, now)).await?;
    after(&app, me, done, Done::Cooked).await
}

async fn undo(State(app): State<App>, me: Me, Id(id): Id, token: FormToken) -> Result<Response, AppError> {
    let undone = token.spend(&app, move |conn| kitchen::undo(conn, id)).await?;
    after(&app, me, undone, Done::NotCooked).await
}

async fn after(
    app: &App,
    me: Me,
    submission: Result<Submission, KitchenError>,
    done: Done,
) -> Result<Response, AppError> {
    let (status, error) = match submission {
        Ok(submission) => return Ok(submission.redirect_to("/kitchen", done)),
        Err(KitchenError::Database(error)) => return Err(error.into()),
        Err(error @ KitchenError::Unknown) => (StatusCode::NOT_FOUND, error),
        Err(error @ KitchenError::Changed) => (StatusCode::CONFLICT, error),
    };
    render(app, me, status, Some(error.to_string())).await
}
