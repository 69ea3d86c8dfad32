//! A restaurant to begin with.

use anyhow::{Context, bail};
use diesel::prelude::*;
use groundwork::order_up::{Restaurant, passwords};
use groundwork::{Db, write};

use crate::schema::{dishes, employees, lines, orders, seats};

/// Puts a restaurant into empty tables: all of it, or nothing.
pub fn seed(conn: &mut Db, restaurant: &Restaurant) -> anyhow::Result<()> {
    let mut hashes = Vec::new();
    for person in &restaurant.employees {
        hashes.push(passwords::hash(&person.password)?);
    }
    write(conn, |conn| {
        for (person, hash) in restaurant.employees.iter().zip(&hashes) {
            diesel::insert_into(employees::table)
                .values((
                    employees::number.eq(person.employee_number),
                    employees::name.eq(&person.name),
                    employees::password_hash.eq(hash),
                    employees::is_manager.eq(person.is_manager),
                    employees::has_retired.eq(person.has_retired),
                ))
                .execute(conn)?;
        }
        for table in &restaurant.tables {
            diesel::insert_into(seats::table)
                .values((seats::number.eq(table.number), seats::capacity.eq(table.capacity)))
                .execute(conn)?;
        }
        for dish in &restaurant.menu {
            diesel::insert_into(dishes::table)
                .values((
                    dishes::menu.eq(&dish.menu),
                    dishes::kind.eq(&dish.kind),
                    dishes::name.eq(&dish.name),
                    dishes::price_cents.eq(dish.price_cents),
                ))
                .execute(conn)?;
        }
        for order in &restaurant.open_orders {
            let id: i32 = diesel::insert_into(orders::table)
                .values((orders::table_number.eq(order.table), orders::server.eq(order.server)))
                .returning(orders::id)
                .get_result(conn)?;
            for line in &order.lines {
                let dish = restaurant.menu.iter().find(|dish| dish.name == line.dish);
                let dish = dish.with_context(|| format!("{} is not on the menu", line.dish))?;
                diesel::insert_into(lines::table)
                    .values((
                        lines::order_id.eq(id),
                        lines::name.eq(&dish.name),
                        lines::price_cents.eq(dish.price_cents),
                        lines::quantity.eq(line.quantity),
                    ))
                    .execute(conn)?;
            }
        }
        Ok(())
    })
}

/// Marks the employee with this number as retired: from then on they are signed out, and cannot sign in.
pub fn retire(conn: &mut Db, employee_number: i32) -> anyhow::Result<()> {
    let updated = diesel::update(employees::table.find(employee_number))
        .set(employees::has_retired.eq(true))
        .execute(conn)?;
    if updated == 0 {
        bail!("nobody has the number {employee_number}");
    }
    Ok(())
}
