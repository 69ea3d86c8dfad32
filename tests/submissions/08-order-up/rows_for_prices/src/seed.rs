//! A restaurant to begin with.

use anyhow::{Context, bail, ensure};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
use groundwork::order_up::{OpenOrder, Restaurant, passwords};
use groundwork::{Db, write};

use crate::Clock;

#[derive(QueryableByName)]
pub struct Id {
    #[diesel(sql_type = Integer)]
    pub id: i32,
}

/// Puts a restaurant into empty tables: all of it, or nothing.
pub fn seed(conn: &mut Db, restaurant: &Restaurant) -> anyhow::Result<()> {
    let hashes: Result<Vec<_>, _> =
        restaurant.employees.iter().map(|person| passwords::hash(&person.password)).collect();
    let hashes = hashes?;
    let now = Clock::system().now();
    write(conn, |conn| {
        for (person, hash) in restaurant.employees.iter().zip(&hashes) {
            sql_query(
                "INSERT INTO employees (number, name, password_hash, is_manager, retired_at) VALUES (?, ?, ?, ?, ?)",
            )
            .bind::<Integer, _>(person.employee_number)
            .bind::<Text, _>(&person.name)
            .bind::<Text, _>(hash)
            .bind::<Bool, _>(person.is_manager)
            .bind::<Nullable<BigInt>, _>(person.has_retired.then_some(now))
            .execute(conn)
            .with_context(|| format!("employee {}", person.employee_number))?;
        }
        for table in &restaurant.tables {
            sql_query("INSERT INTO dining_tables (number, seats) VALUES (?, ?)")
                .bind::<Integer, _>(table.number)
                .bind::<Integer, _>(table.capacity)
                .execute(conn)
                .with_context(|| format!("table {}", table.number))?;
        }
        for dish in &restaurant.menu {
            sql_query("INSERT INTO dishes (name, menu, kind) VALUES (?, ?, ?)")
                .bind::<Text, _>(&dish.name)
                .bind::<Text, _>(&dish.menu)
                .bind::<Text, _>(&dish.kind)
                .execute(conn)
                .with_context(|| format!("dish {:?}", dish.name))?;
            sql_query("INSERT INTO prices (dish_id, cents) SELECT id, ? FROM dishes WHERE name = ?")
                .bind::<BigInt, _>(dish.price_cents)
                .bind::<Text, _>(&dish.name)
                .execute(conn)?;
        }
        sql_query("INSERT INTO on_menu (dish_id, price_id) SELECT dish_id, id FROM prices").execute(conn)?;
        restaurant.open_orders.iter().try_for_each(|order| seat(conn, order))
    })
}

fn seat(conn: &mut Db, order: &OpenOrder) -> anyhow::Result<()> {
    let id = sql_query(
        "INSERT INTO orders (table_number, server_id) SELECT ?, id FROM employees WHERE number = ? RETURNING id",
    )
    .bind::<Integer, _>(order.table)
    .bind::<Integer, _>(order.server)
    .get_result::<Id>(conn)
    .optional()
    .with_context(|| format!("table {}", order.table))?;
    let Some(Id { id }) = id else { bail!("no employee has the number {}", order.server) };
    sql_query("INSERT INTO seatings (table_number, order_id) VALUES (?, ?)")
        .bind::<Integer, _>(order.table)
        .bind::<Integer, _>(id)
        .execute(conn)
        .with_context(|| format!("table {}", order.table))?;
    for line in &order.lines {
        let added = sql_query(
            "INSERT INTO lines (order_id, price_id, quantity)
             SELECT ?, on_menu.price_id, ? FROM on_menu JOIN dishes ON dishes.id = on_menu.dish_id WHERE dishes.name = ?
             ON CONFLICT (order_id, price_id) DO UPDATE SET quantity = quantity + excluded.quantity",
        )
        .bind::<Integer, _>(id)
        .bind::<Integer, _>(line.quantity)
        .bind::<Text, _>(&line.dish)
        .execute(conn)?;
        ensure!(added == 1, "no dish is called {:?}", line.dish);
    }
    Ok(())
}

/// Marks the employee with this number as retired: from then on they are signed out, and cannot sign in.
pub fn retire(conn: &mut Db, employee_number: i32) -> anyhow::Result<()> {
    let retired = sql_query("UPDATE employees SET retired_at = coalesce(retired_at, ?) WHERE number = ?")
        .bind::<BigInt, _>(Clock::system().now())
        .bind::<Integer, _>(employee_number)
        .execute(conn)?;
    ensure!(retired == 1, "no employee has the number {employee_number}");
    Ok(())
}
