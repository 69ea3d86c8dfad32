//! A restaurant to begin with.

use anyhow::{Context, bail};
use diesel::prelude::*;
use groundwork::order_up::{Clock, Restaurant, passwords};
use groundwork::{Db, write};

use crate::models::{NewDish, NewEmployee, NewLine, NewOrder, NewTable};
use crate::schema::{dishes, employees, orders, tables};

/// Puts a restaurant into empty tables: all of it, or nothing.
pub fn seed(conn: &mut Db, restaurant: &Restaurant) -> anyhow::Result<()> {
    let now = Clock::system().now();
    // Before the transaction: nobody else can write during it.
    let hashes: Vec<String> = restaurant
        .employees
        .iter()
        .map(|person| passwords::hash(&person.password))
        .collect::<Result<_, _>>()?;
    write(conn, |conn| {
        let employees: Vec<_> = restaurant
            .employees
            .iter()
            .zip(&hashes)
            .map(|(person, password_hash)| NewEmployee {
                number: person.employee_number,
                name: &person.name,
                password_hash,
                is_manager: person.is_manager,
                retired_at: person.has_retired.then_some(now),
            })
            .collect();
        diesel::insert_into(employees::table).values(employees).execute(conn).context("the employees")?;

        let tables: Vec<_> = restaurant
            .tables
            .iter()
            .map(|table| NewTable { number: table.number, seats: table.capacity })
            .collect();
        diesel::insert_into(tables::table).values(tables).execute(conn).context("the tables")?;

        let dishes: Vec<_> = restaurant
            .menu
            .iter()
            .map(|dish| NewDish {
                menu: &dish.menu,
                kind: &dish.kind,
                name: &dish.name,
                price_cents: dish.price_cents,
            })
            .collect();
        diesel::insert_into(dishes::table).values(dishes).execute(conn).context("the menu")?;

        for order in &restaurant.open_orders {
            let employee_id = employees::table
                .filter(employees::number.eq(order.server))
                .select(employees::id)
                .first(conn)
                .with_context(|| format!("the server {}", order.server))?;
            let new = NewOrder { table_number: order.table, employee_id, opened_at: now };
            let order_id: i32 = diesel::insert_into(orders::table)
                .values(new)
                .returning(orders::id)
                .get_result(conn)
                .with_context(|| format!("the order at table {}", order.table))?;
            for ordered in &order.lines {
                let Some(dish) = restaurant.menu.iter().find(|dish| dish.name == ordered.dish) else {
                    bail!("{} is not on the menu", ordered.dish);
                };
                let new = NewLine {
                    order_id,
                    dish_name: &dish.name,
                    price_cents: dish.price_cents,
                    quantity: ordered.quantity.into(),
                };
                new.add(conn).with_context(|| format!("the line {}", dish.name))?;
            }
        }
        Ok(())
    })
}

/// Marks the employee with this number as retired: from then on they are signed out, and cannot sign in.
pub fn retire(conn: &mut Db, employee_number: i32) -> anyhow::Result<()> {
    let who = employees::table.filter(employees::number.eq(employee_number));
    let changed = diesel::update(who).set(employees::retired_at.eq(Clock::system().now())).execute(conn)?;
    if changed == 0 {
        bail!("nobody has the number {employee_number}");
    }
    Ok(())
}
