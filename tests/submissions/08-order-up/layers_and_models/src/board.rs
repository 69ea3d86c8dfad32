//! The page for the whole evening.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use groundwork::{Db, read};

use crate::App;
use crate::error::AppError;
use crate::models::{Dish, Line, Order, Table};
use crate::schema::{dishes, employees, lines, orders, tables};
use crate::security::Me;

#[derive(Template, WebTemplate)]
#[template(path = "board.html")]
pub struct Page {
    me: Me,
    board: Board,
}

/// What the page shows, all of it of one moment.
struct Board {
    free: Vec<Table>,
    servers: Vec<(i32, String)>,
    orders: Vec<(Order, Vec<Line>)>,
    /// By type, then by name.
    menu: Vec<Dish>,
}

impl Board {
    fn read(conn: &mut Db, reader: i32) -> QueryResult<Self> {
        read(conn, |conn| {
            let taken = orders::table
                .filter(orders::table_number.eq(tables::number))
                .filter(orders::closed_at.is_null());
            let free = Table::query().filter(not(exists(taken))).order(tables::number).load(conn)?;
            let servers = employees::table
                .filter(employees::retired_at.is_null())
                .order((employees::name, employees::id))
                .select((employees::id, employees::name))
                .load(conn)?;
            let orders: Vec<Order> = Order::query()
                .filter(orders::employee_id.eq(reader))
                .filter(orders::closed_at.is_null())
                .order(orders::table_number)
                .load(conn)?;
            let lines = Line::belonging_to(&orders)
                .select(Line::as_select())
                .order(lines::id)
                .load(conn)?
                .grouped_by(&orders);
            let orders = orders.into_iter().zip(lines).collect();
            let menu = Dish::query()
                .filter(dishes::removed_at.is_null())
                .order((dishes::kind, dishes::name))
                .load(conn)?;
            Ok(Self { free, servers, orders, menu })
        })
    }

    fn types(&self) -> impl Iterator<Item = &[Dish]> {
        self.menu.chunk_by(|a, b| a.kind == b.kind)
    }
}

pub async fn show(State(app): State<App>, me: Me) -> Result<Page, AppError> {
    let reader = me.employee.id;
    let board = app.pool.run(move |conn| Board::read(conn, reader)).await??;
    Ok(Page { me, board })
}
