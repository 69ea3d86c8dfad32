//! The board: free tables, the reader's open orders, the menu.

use askama::Template;
use askama_web::WebTemplate;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Redirect;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use groundwork::{Backend, Constraint, Db, read, violated, write};

use crate::App;
use crate::door::{Me, Posted};
use crate::error::{AppError, refused};
use crate::schema::{dishes, employees, lines, orders, seats};

#[derive(Template, WebTemplate)]
#[template(path = "board.html")]
pub struct BoardPage {
    me: Option<Me>,
    token: String,
    board: Board,
}

struct Board {
    tables: Vec<Seats>,
    servers: Vec<(i32, String)>,
    orders: Vec<(Order, Vec<Line>)>,
    menu: Vec<(String, Vec<Dish>)>,
}

#[derive(HasQuery)]
#[diesel(table_name = seats, check_for_backend(Backend))]
struct Seats {
    number: i32,
    capacity: i32,
}

#[derive(HasQuery, Identifiable)]
#[diesel(table_name = orders, check_for_backend(Backend))]
pub struct Order {
    id: i32,
    table_number: i32,
}

#[derive(HasQuery, Identifiable, Associations)]
#[diesel(table_name = lines, belongs_to(Order), check_for_backend(Backend))]
pub struct Line {
    id: i32,
    order_id: i32,
    pub name: String,
    price_cents: i64,
    pub quantity: i32,
}

#[derive(HasQuery)]
#[diesel(table_name = dishes, check_for_backend(Backend))]
pub struct Dish {
    pub id: i32,
    pub menu: String,
    pub kind: String,
    pub name: String,
    price_cents: i64,
}

impl Line {
    fn cents(&self) -> i64 {
        i64::from(self.quantity) * self.price_cents
    }

    pub fn amount(&self) -> String {
        money(self.cents())
    }
}

impl Dish {
    pub fn price(&self) -> String {
        money(self.price_cents)
    }
}

pub fn total(lines: &[Line]) -> String {
    money(lines.iter().map(Line::cents).sum())
}

/// As in `$7.00`.
pub fn money(cents: i64) -> String {
    format!("${}.{:02}", cents / 100, cents % 100)
}

impl Board {
    fn load(conn: &mut Db, reader: i32) -> QueryResult<Self> {
        let is_taken =
            orders::table.filter(orders::table_number.eq(seats::number)).filter(orders::closed_at.is_null());
        let tables = Seats::query().filter(not(exists(is_taken))).order(seats::number).load(conn)?;
        let servers = employees::table
            .filter(employees::has_retired.eq(false))
            .order(employees::name)
            .select((employees::number, employees::name))
            .load(conn)?;
        let open = Order::query()
            .filter(orders::server.eq(reader))
            .filter(orders::closed_at.is_null())
            .order(orders::table_number)
            .load(conn)?;
        let lines = Line::belonging_to(&open).select(Line::as_select()).order(lines::id).load(conn)?;
        let lines = lines.grouped_by(&open);
        let mut menu: Vec<(String, Vec<Dish>)> = Vec::new();
        for dish in Dish::query().order((dishes::kind, dishes::name)).load(conn)? {
            match menu.last_mut() {
                Some((kind, dishes)) if *kind == dish.kind => dishes.push(dish),
                _ => menu.push((dish.kind.clone(), vec![dish])),
            }
        }
        Ok(Self { tables, servers, orders: open.into_iter().zip(lines).collect(), menu })
    }
}

pub async fn show(State(app): State<App>, Extension(me): Extension<Me>) -> Result<BoardPage, AppError> {
    let reader = me.number;
    let board = app.pool.run(move |conn| read(conn, |conn| Board::load(conn, reader))).await??;
    Ok(BoardPage { token: me.token.clone(), me: Some(me), board })
}

/// Seats guests: opens an order.
pub async fn assign(State(app): State<App>, form: Posted) -> Result<Redirect, AppError> {
    let (Ok(table), Ok(server)) = (form.get("table").parse::<i32>(), form.get("server").parse::<i32>())
    else {
        return refused(StatusCode::UNPROCESSABLE_ENTITY, "Choose a table and a server.");
    };
    let pool = app.pool.clone();
    pool.run(move |conn| {
        write(conn, |conn| {
            if !form.is_new(conn, &app)? {
                return Ok(0);
            }
            let works_here = employees::table.find(server).filter(employees::has_retired.eq(false));
            if !diesel::select(exists(works_here)).get_result::<bool>(conn)? {
                return refused(StatusCode::UNPROCESSABLE_ENTITY, "This server does not work here.");
            }
            let inserted = diesel::insert_into(orders::table)
                .values((orders::table_number.eq(table), orders::server.eq(server)))
                .execute(conn);
            match inserted {
                Err(error) if violated(&error) == Some(Constraint::ForeignKey) => {
                    refused(StatusCode::UNPROCESSABLE_ENTITY, "There is no such table.")
                }
                Err(error)
                    if violated(&error) == Some(Constraint::Unique(vec!["orders.table_number".into()])) =>
                {
                    refused(StatusCode::CONFLICT, format!("Table {table} was taken a moment ago."))
                }
                inserted => Ok(inserted?),
            }
        })
    })
    .await??;
    Ok(Redirect::to("/"))
}

/// Refuses unless this order is open and `me` may change it.
fn must_be_open(conn: &mut Db, order: i32, me: &Me) -> Result<(), AppError> {
    let order = orders::table
        .find(order)
        .select((orders::server, orders::closed_at))
        .first::<(i32, Option<i64>)>(conn)
        .optional()?;
    match order {
        None => refused(StatusCode::NOT_FOUND, "There is no such order."),
        Some((server, _)) if server != me.number && !me.is_manager => {
            refused(StatusCode::FORBIDDEN, "This is another server's order.")
        }
        Some((_, Some(_))) => refused(StatusCode::CONFLICT, "This order is closed."),
        Some((_, None)) => Ok(()),
    }
}

/// Closes an order: its guests have paid.
pub async fn close(
    State(app): State<App>,
    Extension(me): Extension<Me>,
    Path(order): Path<i32>,
    form: Posted,
) -> Result<Redirect, AppError> {
    let pool = app.pool.clone();
    pool.run(move |conn| {
        write(conn, |conn| {
            if !form.is_new(conn, &app)? {
                return Ok(());
            }
            must_be_open(conn, order, &me)?;
            diesel::update(orders::table.find(order))
                .set(orders::closed_at.eq(app.clock.now()))
                .execute(conn)?;
            Ok::<_, AppError>(())
        })
    })
    .await??;
    Ok(Redirect::to("/"))
}

/// Adds the dishes that are checked to an order.
pub async fn add(
    State(app): State<App>,
    Extension(me): Extension<Me>,
    Path(order): Path<i32>,
    form: Posted,
) -> Result<Redirect, AppError> {
    let pool = app.pool.clone();
    pool.run(move |conn| {
        write(conn, |conn| {
            if !form.is_new(conn, &app)? {
                return Ok(());
            }
            must_be_open(conn, order, &me)?;
            for id in form.all("dish") {
                let dish = Dish::query().filter(dishes::id.eq(id.parse::<i32>().unwrap_or(0)));
                let Some(dish) = dish.first(conn).optional()? else {
                    return refused(StatusCode::UNPROCESSABLE_ENTITY, "This dish is not on the menu.");
                };
                let quantity = match form.get(&format!("quantity-{id}")).trim() {
                    "" => Ok(1),
                    typed => typed.parse::<i32>(),
                };
                let Some(quantity) = quantity.ok().filter(|quantity| (1..=999).contains(quantity)) else {
                    let reason = format!("How many {}? From 1 to 999.", dish.name);
                    return refused(StatusCode::UNPROCESSABLE_ENTITY, reason);
                };
                diesel::insert_into(lines::table)
                    .values((
                        lines::order_id.eq(order),
                        lines::name.eq(dish.name),
                        lines::price_cents.eq(dish.price_cents),
                        lines::quantity.eq(quantity),
                    ))
                    .on_conflict((lines::order_id, lines::name, lines::price_cents))
                    .do_update()
                    .set(lines::quantity.eq(lines::quantity + quantity))
                    .execute(conn)?;
            }
            Ok(())
        })
    })
    .await??;
    Ok(Redirect::to("/"))
}
