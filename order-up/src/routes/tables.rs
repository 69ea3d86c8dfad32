//! The tables, for managers: add and remove.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};

use crate::app::App;
use crate::done::Done;
use crate::error::AppError;
use crate::form::Form;
use crate::id::Id;
use crate::kept::Kept;
use crate::models::table::{self, Table, TableError};
use crate::page::page;
use crate::security::form_token::FormToken;
use crate::security::signed_in::{Manager, Me};
use crate::submission::AfterRepeat;

pub fn router() -> Router<App> {
    Router::new().route("/tables", get(show).post(create)).route("/tables/{id}/remove", post(remove))
}

#[derive(Template)]
#[template(path = "tables.html")]
struct TablesPage {
    me: Me,
    tables: Vec<Table>,
    form: Form,
    notice: Option<String>,
}

async fn render(
    app: &App,
    me: Me,
    status: StatusCode,
    form: Form,
    notice: Option<String>,
) -> Result<Response, AppError> {
    let tables = app.pool.run(table::all).await??;
    page(status, &TablesPage { me, tables, form, notice })
}

async fn show(
    State(app): State<App>,
    Manager(me): Manager,
    after_repeat: AfterRepeat,
    kept: Kept,
) -> Result<Response, AppError> {
    let (form, still_here) = kept.take().unzip();
    let notice = still_here.or(after_repeat.notice());
    render(&app, me, StatusCode::OK, form.unwrap_or_default(), notice).await
}

async fn create(
    State(app): State<App>,
    Manager(me): Manager,
    token: FormToken,
    mut form: Form,
) -> Result<Response, AppError> {
    let (number, capacity) = (form.number("number", 1..=9999), form.number("capacity", 1..=999));
    let (Some(number), Some(capacity)) = (number, capacity) else {
        return render(&app, me, StatusCode::UNPROCESSABLE_ENTITY, form, None).await;
    };
    match token.spend(&app, move |conn| table::create(conn, number, capacity).map(drop)).await? {
        Err(TableError::NumberTaken) => {
            form.refuse("number", format!("There is already a table {number}."));
            render(&app, me, StatusCode::CONFLICT, form, None).await
        }
        created => Ok(created?.redirect_to("/tables", Done::Saved)),
    }
}

async fn remove(
    State(app): State<App>,
    Manager(me): Manager,
    Id(id): Id,
    token: FormToken,
) -> Result<Response, AppError> {
    let now = app.clock.now();
    match token.spend(&app, move |conn| table::remove(conn, id, now)).await? {
        Err(TableError::Occupied { table_number }) => {
            let notice = format!("Guests are sitting at table {table_number}. Close its order first.");
            render(&app, me, StatusCode::CONFLICT, Form::default(), Some(notice)).await
        }
        removed => Ok(removed?.redirect_to("/tables", Done::Removed)),
    }
}
