//! The menu, for managers: add, change and remove items.

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
use crate::models::menu::types::{self, MenuItemType};
use crate::models::menu::{self, Description, MenuError, Section};
use crate::money::Cents;
use crate::page::page;
use crate::security::form_token::FormToken;
use crate::security::signed_in::{Manager, Me};
use crate::submission::AfterRepeat;

pub fn router() -> Router<App> {
    Router::new()
        .route("/menu", get(show).post(create))
        .route("/menu/{id}", get(edit).post(update))
        .route("/menu/{id}/remove", post(remove))
}

#[derive(Template)]
#[template(path = "menu.html")]
struct MenuPage {
    me: Me,
    /// The item that is edited; `None` for a new one.
    id: Option<i32>,
    sections: Vec<Section>,
    menus: Vec<String>,
    types: Vec<MenuItemType>,
    form: Form,
    notice: Option<String>,
}

impl MenuPage {
    /// The types of what is served. The others are listed nowhere, so there is no need to move them.
    fn served_types(&self) -> Vec<&MenuItemType> {
        let is_served = |it: &&MenuItemType| self.sections.iter().any(|section| section.kind == it.name);
        self.types.iter().filter(is_served).collect()
    }
}

async fn render(
    app: &App,
    me: Me,
    status: StatusCode,
    id: Option<i32>,
    mut form: Form,
    notice: Option<String>,
) -> Result<Response, AppError> {
    let read = |conn: &mut _| {
        diesel::QueryResult::Ok((menu::sections(conn)?, menu::names(conn)?, types::all(conn)?))
    };
    let (sections, menus, types) = app.pool.run(read).await??;
    if let ([only], "") = (&menus[..], form.value("menu")) {
        form.set("menu", only);
    }
    page(status, &MenuPage { me, id, sections, menus, types, form, notice })
}

async fn show(
    State(app): State<App>,
    Manager(me): Manager,
    after_repeat: AfterRepeat,
    kept: Kept,
) -> Result<Response, AppError> {
    let (form, still_here) = kept.take().unzip();
    let notice = still_here.or(after_repeat.notice());
    render(&app, me, StatusCode::OK, None, form.unwrap_or_default(), notice).await
}

async fn edit(
    State(app): State<App>,
    Manager(me): Manager,
    Id(id): Id,
    kept: Kept,
) -> Result<Response, AppError> {
    let item = app.pool.run(move |conn| menu::describe(conn, id)).await??;
    let form = Form::filled([
        ("name", item.name),
        ("price", app.config.prices.plain(item.price)),
        ("menu", item.menu),
        ("type", item.kind),
    ]);
    let (typed, still_here) = kept.take().unzip();
    render(&app, me, StatusCode::OK, Some(id), typed.unwrap_or(form), still_here).await
}

async fn create(
    State(app): State<App>,
    Manager(me): Manager,
    token: FormToken,
    mut form: Form,
) -> Result<Response, AppError> {
    let Some(item) = description(&mut form) else {
        return render(&app, me, StatusCode::UNPROCESSABLE_ENTITY, None, form, None).await;
    };
    match token.spend(&app, move |conn| menu::create(conn, &item).map(drop)).await? {
        Ok(submission) => Ok(submission.redirect_to("/menu", Done::Saved)),
        Err(error) => refused(&app, me, None, form, error).await,
    }
}

async fn update(
    State(app): State<App>,
    Manager(me): Manager,
    Id(id): Id,
    token: FormToken,
    mut form: Form,
) -> Result<Response, AppError> {
    let Some(item) = description(&mut form) else {
        return render(&app, me, StatusCode::UNPROCESSABLE_ENTITY, Some(id), form, None).await;
    };
    let (employee, now) = (me.employee.clone(), app.clock.now());
    match token.spend(&app, move |conn| menu::update(conn, &employee, id, &item, now)).await? {
        Ok(submission) => Ok(submission.redirect_to("/menu", Done::Saved)),
        Err(error) => refused(&app, me, Some(id), form, error).await,
    }
}

async fn remove(
    State(app): State<App>,
    _: Manager,
    Id(id): Id,
    token: FormToken,
) -> Result<Response, AppError> {
    let now = app.clock.now();
    let removed = token.spend(&app, move |conn| menu::remove(conn, id, now)).await??;
    Ok(removed.redirect_to("/menu", Done::Removed))
}

/// The item that the form describes, if nothing is wrong with it.
fn description(form: &mut Form) -> Option<Description> {
    let (name, price) = (form.text("name", 50), form.cents("price", HIGHEST_PRICE));
    let (menu, kind) = (form.text("menu", 30), form.text("type", 20));
    Some(Description { name: name?, price: price?, menu: menu?, kind: kind? })
}

const HIGHEST_PRICE: Cents = Cents(1_000_000);

/// The page after something that could not be done, with what was typed and the reason.
///
/// # Errors
///
/// When the database fails.
pub async fn refused(
    app: &App,
    me: Me,
    id: Option<i32>,
    mut form: Form,
    error: MenuError,
) -> Result<Response, AppError> {
    let (status, id, notice) = match error {
        MenuError::NameTaken => {
            form.refuse("name", "This menu already has an item with that name.");
            (StatusCode::CONFLICT, id, None)
        }
        MenuError::Unknown => (StatusCode::NOT_FOUND, None, Some(GONE.to_owned())),
        MenuError::Reordered => (StatusCode::CONFLICT, None, Some(REORDERED.to_owned())),
        MenuError::Database(error) => return Err(error.into()),
    };
    render(app, me, status, id, form, notice).await
}

const GONE: &str =
    "That item is no longer on the menu, so nothing was saved. To serve it again, add it as a new item.";

const REORDERED: &str =
    "Somebody else has moved a type in the meantime, so nothing was changed. This is the order now.";
