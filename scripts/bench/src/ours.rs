//! The Order Up in `order-up/`: seeded, started.

use std::time::Duration;

use anyhow::{Context, Result};
use diesel::prelude::*;
use groundwork::order_up::random::random_text;
use groundwork::{Db, connect, write};
use order_up::models::order;
use order_up::models::order_detail::{self, LineRequest};
use order_up::models::{employee, table};
use order_up::schema::{menu_items, order_details, orders};
use order_up::{Clock, Restaurant, Timestamp, migrate::migrate};

use crate::server::{Server, free_address};
use crate::setup::{Seeds, Setup};

const MARGOT: i32 = 1234;

/// So many orders are inserted with one statement: SQLite takes 32,766 values in one.
const AT_ONCE: usize = 1000;

/// What would make it another app, if whoever runs the benchmark has set it.
const OTHER_SETTINGS: [&str; 10] = [
    "DAY_ENDS_AT",
    "INSECURE_HTTP",
    "ORIGIN",
    "PRICES",
    "PROXY",
    "RESTAURANT_NAME",
    "RUST_LOG",
    "SQL_ECHO",
    "TAX_INCLUDED",
    "TIME_ZONE",
];

/// Seeds a database in a folder of its own and starts the app on it.
///
/// # Errors
///
/// When one of the two fails.
pub fn start(setup: &Setup, name: &'static str, seeds: Seeds) -> Result<(Server, Db)> {
    let folder = setup.data.path().join(name.replace(' ', "-"));
    std::fs::create_dir(&folder)?;
    let url = format!("sqlite://{}", folder.join("order-up.db").display());
    let mut conn = connect(&url)?;
    seed(&mut conn, seeds)?;

    let address = free_address()?;
    let key: String = (0..4).map(|_| random_text()).collect();
    let mut program = setup.server(&setup.order_up);
    for other in OTHER_SETTINGS {
        program.env_remove(other);
    }
    program.env("DATABASE_URL", url).env("SECRET_KEY", key);
    program.args(["--address", &address, "--folder"]).arg(&folder);
    let server = Server::start(name, "token", &address, &mut program, folder.join("log"))?;
    Ok((server, conn))
}

fn seed(conn: &mut Db, seeds: Seeds) -> Result<()> {
    migrate(conn, |conn| anyhow::Ok(order_up::seed(conn, &Restaurant::demo())?))?;
    let margot = employee::with_number(conn, MARGOT)?.context("the demo has Margot")?;
    let tables = table::all(conn)?;
    let dishes: Vec<(i32, String, i64)> = menu_items::table
        .select((menu_items::id, menu_items::name, menu_items::price_cents))
        .order(menu_items::id)
        .load(conn)?;
    let now = Clock::system().now();
    let apart = |orders: u32| Duration::from_secs(u64::from(orders) * 600);

    // One order every ten minutes, the last of them now.
    let mut closed = (0..seeds.closed.cast_signed()).map(|index| {
        let at = now - apart(seeds.closed - index.cast_unsigned());
        (index + 1, tables[index as usize % tables.len()].id, at)
    });
    write(conn, |conn| {
        loop {
            let some: Vec<_> = closed.by_ref().take(AT_ONCE).collect();
            if some.is_empty() {
                return QueryResult::Ok(());
            }
            insert_closed(conn, margot.id, &some, &dishes)?;
        }
    })?;

    let requests: Vec<_> =
        dishes.iter().map(|&(menu_item_id, ..)| LineRequest::plain(menu_item_id, 1)).collect();
    for table in tables.iter().take(seeds.open as usize) {
        let order = order::assign(conn, table.id, margot.id, None, now)?;
        order_detail::add(conn, &margot, order, &requests, now)?;
    }
    Ok(())
}

/// Inserts closed orders (id, table, time), each with one of every dish.
fn insert_closed(
    conn: &mut Db,
    employee_id: i32,
    closed: &[(i32, i32, Timestamp)],
    dishes: &[(i32, String, i64)],
) -> QueryResult<()> {
    let rows = closed.iter().map(|&(id, table_id, at)| {
        (
            orders::id.eq(id),
            orders::employee_id.eq(employee_id),
            orders::table_id.eq(table_id),
            orders::opened_at.eq(at),
            orders::changed_at.eq(at),
            orders::closed_at.eq(at),
        )
    });
    diesel::insert_into(orders::table).values(rows.collect::<Vec<_>>()).execute(conn)?;
    let lines = closed.iter().flat_map(|&(order_id, ..)| {
        dishes.iter().map(move |(menu_item_id, name, price_cents)| {
            (
                order_details::order_id.eq(order_id),
                order_details::menu_item_id.eq(menu_item_id),
                order_details::name.eq(name),
                order_details::price_cents.eq(price_cents),
                order_details::quantity.eq(1),
            )
        })
    });
    diesel::insert_into(order_details::table).values(lines.collect::<Vec<_>>()).execute(conn)?;
    Ok(())
}
