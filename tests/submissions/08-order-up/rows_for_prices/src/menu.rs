//! The menu, for managers.

use askama::Template;
use askama_web::WebTemplate;
use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Text};
use groundwork::{Constraint, Db, violated};

use crate::App;
use crate::board::Money;
use crate::door::{Fields, Frame, Once};
use crate::error::{AppError, Refusal};

/// The layer around the pages for managers, inside of the one for employees.
pub async fn for_managers(
    Extension(frame): Extension<Frame>,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    if frame.me.is_manager { Ok(next.run(request).await) } else { Err(Refusal::ForManagers) }
}

#[derive(QueryableByName)]
struct Item {
    #[diesel(sql_type = Integer)]
    price_id: i32,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    menu: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    cents: i64,
}

impl Item {
    fn price(&self) -> Money {
        Money(self.cents)
    }
}

struct Input {
    name: &'static str,
    label: &'static str,
    typed: String,
    problem: Option<&'static str>,
}

#[derive(Template, WebTemplate)]
#[template(path = "menu.html")]
struct Menu {
    frame: Frame,
    problem: Option<String>,
    items: Vec<Item>,
    inputs: Vec<Input>,
}

impl Menu {
    async fn load(
        app: &App,
        frame: Frame,
        inputs: Vec<Input>,
        problem: Option<String>,
    ) -> Result<Self, AppError> {
        let items = app.pool.run(|conn| {
            sql_query(
                "SELECT prices.id AS price_id, dishes.name, dishes.menu, dishes.kind, prices.cents
                 FROM on_menu
                 JOIN dishes ON dishes.id = on_menu.dish_id
                 JOIN prices ON prices.id = on_menu.price_id
                 ORDER BY dishes.menu, dishes.kind, dishes.name",
            )
            .load(conn)
        });
        Ok(Self { frame, problem, items: items.await??, inputs })
    }
}

/// What is typed into the form, and what is wrong with each field.
fn inputs(fields: &Fields) -> Vec<Input> {
    let input = |name, label, problem| Input { name, label, typed: fields.raw(name).to_owned(), problem };
    let text = |name, label, most, problem| {
        let length = fields.get(name).chars().count();
        input(name, label, (length == 0 || length > most).then_some(problem))
    };
    let price = cents(fields.get("price")).is_none();
    vec![
        text("name", "Name", 50, "A name has 1 to 50 characters."),
        input("price", "Price", price.then_some("A price is an amount from 0 to 10000.00, as in 6.50.")),
        text("menu", "Menu", 30, "A menu has 1 to 30 characters."),
        text("kind", "Type", 20, "A type has 1 to 20 characters."),
    ]
}

/// `6`, `6.5` and `6.50` in cents, up to 10000.00.
fn cents(typed: &str) -> Option<i64> {
    let (dollars, cents) = typed.split_once('.').unwrap_or((typed, "00"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits(dollars) || !are_digits(cents) || cents.len() > 2 {
        return None;
    }
    let dollars: i64 = dollars.parse().ok().filter(|dollars| *dollars <= 10_000)?;
    let cents: i64 = format!("{cents:0<2}").parse().ok()?;
    Some(dollars * 100 + cents).filter(|cents| *cents <= 1_000_000)
}

fn empty_form() -> Vec<Input> {
    let mut inputs = inputs(&Fields::default());
    inputs.iter_mut().for_each(|input| input.problem = None);
    inputs
}

pub async fn show(State(app): State<App>, Extension(frame): Extension<Frame>) -> Result<Response, AppError> {
    Ok(Menu::load(&app, frame, empty_form(), None).await?.into_response())
}

/// Puts a dish on the menu: a new one, or one that was on it before.
pub async fn add(
    State(app): State<App>,
    Extension(frame): Extension<Frame>,
    Extension(fields): Extension<Fields>,
    Extension(once): Extension<Once>,
) -> Result<Response, AppError> {
    let mut inputs = inputs(&fields);
    if let (Some(cents), true) =
        (cents(fields.get("price")), inputs.iter().all(|input| input.problem.is_none()))
    {
        let [name, menu, kind] = ["name", "menu", "kind"].map(|name| fields.get(name).to_owned());
        let done = once.work(&app, "/menu", move |conn| offer(conn, &name, &menu, &kind, cents)).await;
        let Err(AppError::Refused(Refusal::OnMenuAlready)) = done else { return Ok(done?.into_response()) };
        inputs[0].problem = Some("This dish is on the menu already. Remove it first.");
    }
    let page = Menu::load(&app, frame, inputs, None).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn offer(conn: &mut Db, name: &str, menu: &str, kind: &str, cents: i64) -> Result<(), AppError> {
    sql_query(
        "INSERT INTO dishes (name, menu, kind) VALUES (?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET menu = excluded.menu, kind = excluded.kind",
    )
    .bind::<Text, _>(name)
    .bind::<Text, _>(menu)
    .bind::<Text, _>(kind)
    .execute(conn)?;
    sql_query(
        "INSERT INTO prices (dish_id, cents) SELECT id, ? FROM dishes WHERE name = ? ON CONFLICT DO NOTHING",
    )
    .bind::<BigInt, _>(cents)
    .bind::<Text, _>(name)
    .execute(conn)?;
    sql_query(
        "INSERT INTO on_menu (dish_id, price_id)
         SELECT dishes.id, prices.id FROM dishes JOIN prices ON prices.dish_id = dishes.id
         WHERE dishes.name = ? AND prices.cents = ?",
    )
    .bind::<Text, _>(name)
    .bind::<BigInt, _>(cents)
    .execute(conn)
    .map_err(|error| match violated(&error) {
        Some(Constraint::Unique(columns)) if columns == ["on_menu.dish_id"] => Refusal::OnMenuAlready.into(),
        _ => AppError::from(error),
    })?;
    Ok(())
}

/// Takes a dish off the menu. What was ordered of it stays.
pub async fn remove(
    State(app): State<App>,
    Path(price): Path<String>,
    Extension(frame): Extension<Frame>,
    Extension(once): Extension<Once>,
) -> Result<Response, AppError> {
    // No row has the id 0.
    let price: i32 = price.parse().unwrap_or(0);
    let work = move |conn: &mut Db| {
        let left =
            sql_query("DELETE FROM on_menu WHERE price_id = ?").bind::<Integer, _>(price).execute(conn)?;
        if left == 1 { Ok(()) } else { Err(Refusal::OffMenuAlready.into()) }
    };
    match once.work(&app, "/menu", work).await {
        Err(AppError::Refused(refusal)) => {
            let page = Menu::load(&app, frame, empty_form(), Some(refusal.to_string())).await?;
            Ok((refusal.status(), page).into_response())
        }
        done => Ok(done?.into_response()),
    }
}
