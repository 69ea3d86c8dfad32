//! The menu, for managers.

use askama::Template;
use askama_web::WebTemplate;
use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use diesel::prelude::*;
use groundwork::{Constraint, violated, write};

use crate::App;
use crate::board::Dish;
use crate::door::{Me, Posted};
use crate::error::{AppError, refused};
use crate::schema::dishes;

#[derive(Template, WebTemplate)]
#[template(path = "menu.html")]
pub struct MenuPage {
    me: Option<Me>,
    token: String,
    dishes: Vec<Dish>,
    form: ItemForm,
}

/// A field as it was typed, and what is wrong with it.
#[derive(Default)]
struct Field {
    typed: String,
    error: Option<String>,
}

#[derive(Default)]
struct ItemForm {
    name: Field,
    price: Field,
    menu: Field,
    kind: Field,
}

impl Field {
    fn text(typed: &str, max: usize) -> Self {
        let length = typed.trim().chars().count();
        let error = (!(1..=max).contains(&length)).then(|| format!("From 1 to {max} characters."));
        Self { typed: typed.to_owned(), error }
    }
}

/// The cents of `6`, `6.5` or `6.50`.
fn cents(typed: &str) -> Option<i64> {
    let (dollars, cents) = typed.split_once('.').unwrap_or((typed, "00"));
    let cents = format!("{cents:0<2}");
    if cents.len() != 2 {
        return None;
    }
    if !dollars.chars().chain(cents.chars()).all(|char| char.is_ascii_digit()) {
        return None;
    }
    let cents = dollars.parse::<u32>().ok()?.checked_mul(100)?.checked_add(cents.parse::<u32>().ok()?)?;
    (cents <= 1_000_000).then_some(i64::from(cents))
}

/// Lets managers pass.
pub async fn managers_only(
    Extension(me): Extension<Me>,
    request: Request,
    next: Next,
) -> Result<Response, AppError> {
    if !me.is_manager {
        return refused(StatusCode::FORBIDDEN, "The menu is for managers.");
    }
    Ok(next.run(request).await)
}

pub async fn show(State(app): State<App>, Extension(me): Extension<Me>) -> Result<MenuPage, AppError> {
    page(&app, me, ItemForm::default()).await
}

async fn page(app: &App, me: Me, form: ItemForm) -> Result<MenuPage, AppError> {
    let dishes = app
        .pool
        .run(|conn| Dish::query().order((dishes::menu, dishes::kind, dishes::name)).load(conn))
        .await??;
    Ok(MenuPage { token: me.token.clone(), me: Some(me), dishes, form })
}

pub async fn add(
    State(app): State<App>,
    Extension(me): Extension<Me>,
    posted: Posted,
) -> Result<Response, AppError> {
    let mut form = ItemForm {
        name: Field::text(posted.get("name"), 50),
        price: Field { typed: posted.get("price").to_owned(), error: None },
        menu: Field::text(posted.get("menu"), 30),
        kind: Field::text(posted.get("kind"), 20),
    };
    let price = cents(form.price.typed.trim());
    if price.is_none() {
        form.price.error = Some("From 0 to 10000.00, as in 6.50.".to_owned());
    }
    let is_right =
        [&form.name, &form.price, &form.menu, &form.kind].iter().all(|field| field.error.is_none());
    if let Some(price) = price.filter(|_| is_right) {
        let values = (
            dishes::name.eq(form.name.typed.trim().to_owned()),
            dishes::price_cents.eq(price),
            dishes::menu.eq(form.menu.typed.trim().to_owned()),
            dishes::kind.eq(form.kind.typed.trim().to_owned()),
        );
        let pool = app.pool.clone();
        let for_write = app.clone();
        let added = pool
            .run(move |conn| {
                write(conn, |conn| {
                    if !posted.is_new(conn, &for_write)? {
                        return Ok(0);
                    }
                    diesel::insert_into(dishes::table).values(values).execute(conn)
                })
            })
            .await?;
        match added {
            Err(error) if violated(&error) == Some(Constraint::Unique(vec!["dishes.name".into()])) => {
                form.name.error = Some("The menu has a dish of this name.".to_owned());
            }
            added => {
                added?;
                return Ok(Redirect::to("/menu").into_response());
            }
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&app, me, form).await?).into_response())
}

pub async fn remove(
    State(app): State<App>,
    Path(dish): Path<i32>,
    posted: Posted,
) -> Result<Redirect, AppError> {
    let pool = app.pool.clone();
    pool.run(move |conn| {
        write(conn, |conn| {
            if posted.is_new(conn, &app)? && diesel::delete(dishes::table.find(dish)).execute(conn)? == 0 {
                return refused(StatusCode::CONFLICT, "This dish has left the menu already.");
            }
            Ok(())
        })
    })
    .await??;
    Ok(Redirect::to("/menu"))
}
