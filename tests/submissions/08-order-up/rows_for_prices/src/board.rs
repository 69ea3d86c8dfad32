//! The board: free tables, the reader's open orders, the menu.

use std::fmt;

use askama::Template;
use askama_web::WebTemplate;
use axum::Extension;
use axum::extract::{Path, State};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use groundwork::{Db, read};

use crate::App;
use crate::door::Frame;
use crate::error::{AppError, Refusal};
use crate::orders::check;

/// An amount in cents.
#[derive(Clone, Copy)]
pub struct Money(pub i64);

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${}.{:02}", self.0 / 100, self.0 % 100)
    }
}

#[derive(QueryableByName)]
struct FreeTable {
    #[diesel(sql_type = Integer)]
    number: i32,
    #[diesel(sql_type = Integer)]
    seats: i32,
}

#[derive(QueryableByName)]
struct Server {
    #[diesel(sql_type = Integer)]
    id: i32,
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
pub struct Dish {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Integer)]
    price_id: i32,
    #[diesel(sql_type = BigInt)]
    cents: i64,
}

impl Dish {
    fn price(&self) -> Money {
        Money(self.cents)
    }
}

/// A line with its order; an order without lines has one row, without a dish.
#[derive(QueryableByName)]
struct OrderRow {
    #[diesel(sql_type = Integer)]
    order_id: i32,
    #[diesel(sql_type = Integer)]
    table_number: i32,
    #[diesel(sql_type = Nullable<Text>)]
    dish: Option<String>,
    #[diesel(sql_type = BigInt)]
    cents: i64,
    #[diesel(sql_type = Integer)]
    quantity: i32,
}

fn with_lines(rest: &str) -> String {
    format!(
        "SELECT orders.id AS order_id, orders.table_number, dishes.name AS dish,
                coalesce(prices.cents, 0) AS cents, coalesce(lines.quantity, 0) AS quantity
         FROM orders
         LEFT JOIN lines ON lines.order_id = orders.id
         LEFT JOIN prices ON prices.id = lines.price_id
         LEFT JOIN dishes ON dishes.id = prices.dish_id
         {rest}"
    )
}

struct Line {
    dish: String,
    quantity: i32,
    amount: Money,
}

struct Order {
    id: i32,
    table_number: i32,
    lines: Vec<Line>,
    total: Money,
}

fn orders(rows: Vec<OrderRow>) -> Vec<Order> {
    let mut orders: Vec<Order> = Vec::new();
    for row in rows {
        if orders.last().is_none_or(|last| last.id != row.order_id) {
            let (id, table_number) = (row.order_id, row.table_number);
            orders.push(Order { id, table_number, lines: Vec::new(), total: Money(0) });
        }
        if let (Some(order), Some(dish)) = (orders.last_mut(), row.dish) {
            let amount = Money(row.cents * i64::from(row.quantity));
            order.total.0 += amount.0;
            order.lines.push(Line { dish, quantity: row.quantity, amount });
        }
    }
    orders
}

#[derive(Template, WebTemplate)]
#[template(path = "board.html")]
pub struct Board {
    frame: Frame,
    problem: Option<String>,
    free: Vec<FreeTable>,
    servers: Vec<Server>,
    orders: Vec<Order>,
    kinds: Vec<(String, Vec<Dish>)>,
}

impl Board {
    /// The board of whoever reads it, all of it at one moment.
    fn load(conn: &mut Db, frame: Frame, problem: Option<String>) -> QueryResult<Self> {
        read(conn, |conn| {
            let free = sql_query(
                "SELECT number, seats FROM dining_tables
                 WHERE number NOT IN (SELECT table_number FROM seatings) ORDER BY number",
            )
            .load(conn)?;
            let servers =
                sql_query("SELECT id, name FROM employees WHERE retired_at IS NULL ORDER BY name, id")
                    .load(conn)?;
            let rows = sql_query(with_lines(
                "JOIN seatings ON seatings.order_id = orders.id
                 WHERE orders.server_id = ?
                 ORDER BY orders.table_number, lines.id",
            ))
            .bind::<Integer, _>(frame.me.id)
            .load(conn)?;
            let menu: Vec<Dish> = sql_query(
                "SELECT dishes.kind, dishes.name, prices.id AS price_id, prices.cents
                 FROM on_menu
                 JOIN dishes ON dishes.id = on_menu.dish_id
                 JOIN prices ON prices.id = on_menu.price_id
                 ORDER BY dishes.kind, dishes.name",
            )
            .load(conn)?;
            let mut kinds: Vec<(String, Vec<Dish>)> = Vec::new();
            for dish in menu {
                match kinds.last_mut() {
                    Some((kind, dishes)) if *kind == dish.kind => dishes.push(dish),
                    _ => kinds.push((dish.kind.clone(), vec![dish])),
                }
            }
            Ok(Self { frame, problem, free, servers, orders: orders(rows), kinds })
        })
    }

    pub async fn load_with(app: &App, frame: Frame, problem: Option<String>) -> Result<Self, AppError> {
        Ok(app.pool.run(|conn| Self::load(conn, frame, problem)).await??)
    }
}

pub async fn show(State(app): State<App>, Extension(frame): Extension<Frame>) -> Result<Board, AppError> {
    Board::load_with(&app, frame, None).await
}

#[derive(Template, WebTemplate)]
#[template(path = "bill.html")]
pub struct Bill {
    frame: Frame,
    order: Order,
}

/// What was ordered, whether it is paid or not.
pub async fn bill(
    State(app): State<App>,
    Path(order): Path<String>,
    Extension(frame): Extension<Frame>,
) -> Result<Bill, AppError> {
    let id: i32 = order.parse().map_err(|_| Refusal::NoSuchOrder)?;
    let work = move |conn: &mut Db| {
        read(conn, |conn| {
            check(conn, id, &frame.me)?;
            let rows = sql_query(with_lines("WHERE orders.id = ? ORDER BY lines.id"))
                .bind::<Integer, _>(id)
                .load(conn)?;
            let order = orders(rows).pop().ok_or(Refusal::NoSuchOrder)?;
            Ok::<_, AppError>(Bill { frame, order })
        })
    };
    app.pool.run(work).await?
}
