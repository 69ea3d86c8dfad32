//! The menu, for managers.

mod form;
mod price;

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use diesel::prelude::*;
use groundwork::order_up::Timestamp;
use groundwork::{Constraint, Db, violated};

use crate::App;
use crate::error::{AppError, Refusal};
use crate::models::{Dish, NewDish};
use crate::schema::dishes;
use crate::security::{Fields, Me};
use form::Form;

#[derive(Template, WebTemplate)]
#[template(path = "menu.html")]
struct Page {
    me: Me,
    form: Form,
    dishes: Vec<Dish>,
}

/// Around the routes of this module.
pub async fn for_managers(me: Me, request: Request, next: Next) -> Result<Response, AppError> {
    if me.employee.is_manager { Ok(next.run(request).await) } else { Err(Refusal::ForManagers.into()) }
}

pub async fn show(State(app): State<App>, me: Me) -> Result<Response, AppError> {
    page(app, me, StatusCode::OK, Form::default()).await
}

async fn page(app: App, me: Me, status: StatusCode, form: Form) -> Result<Response, AppError> {
    let all = |conn: &mut Db| {
        Dish::query()
            .filter(dishes::removed_at.is_null())
            .order((dishes::menu, dishes::kind, dishes::name))
            .load(conn)
    };
    let dishes = app.pool.run(all).await??;
    Ok((status, Page { me, form, dishes }).into_response())
}

pub async fn add(State(app): State<App>, me: Me, fields: Fields) -> Result<Response, AppError> {
    let mut form = Form::typed(&fields);
    let Some(dish) = form.check() else {
        return page(app, me, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let now = app.clock.now();
    let add = move |conn: &mut Db| {
        fields.once(conn, now, |conn| {
            let new =
                NewDish { menu: &dish.menu, kind: &dish.kind, name: &dish.name, price_cents: dish.price.0 };
            diesel::insert_into(dishes::table).values(new).execute(conn).map_err(is_there_already)?;
            Ok(())
        })
    };
    match app.pool.run(add).await? {
        Err(AppError::Refused(Refusal::DishIsThere)) => {
            form.name.mistake = Some(Refusal::DishIsThere.to_string());
            page(app, me, Refusal::DishIsThere.status(), form).await
        }
        done => done.map(|()| Redirect::to("/menu").into_response()),
    }
}

fn is_there_already(error: diesel::result::Error) -> AppError {
    match violated(&error) {
        Some(Constraint::Unique(columns)) if columns == ["dishes.name"] => Refusal::DishIsThere.into(),
        _ => error.into(),
    }
}

pub async fn remove(
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, AppError> {
    let id = id.parse().map_err(|_| Refusal::DishHasLeft)?;
    let now = app.clock.now();
    app.pool.run(move |conn| fields.once(conn, now, |conn| take_off(conn, id, now))).await??;
    Ok(Redirect::to("/menu"))
}

fn take_off(conn: &mut Db, id: i32, now: Timestamp) -> Result<(), AppError> {
    let removed = diesel::update(dishes::table.find(id).filter(dishes::removed_at.is_null()))
        .set(dishes::removed_at.eq(now))
        .execute(conn)?;
    if removed == 0 { Err(Refusal::DishHasLeft.into()) } else { Ok(()) }
}
