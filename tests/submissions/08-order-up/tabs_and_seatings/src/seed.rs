//! What a restaurant begins with, and who leaves it.

use std::error::Error;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
use groundwork::order_up::{Clock, Restaurant, passwords};

use crate::Db;
use crate::db::put_on_menu;

type Done = Result<(), Box<dyn Error + Send + Sync>>;

/// All of it or nothing. Passwords are hashed before the transaction begins, since that takes long.
pub fn seed(conn: &mut Db, restaurant: &Restaurant) -> Done {
    let secrets = restaurant.employees.iter().map(|person| passwords::hash(&person.password));
    let secrets = secrets.collect::<Result<Vec<_>, _>>()?;
    let now = Clock::system().now().0;
    conn.immediate_transaction(|conn| {
        for (person, secret) in restaurant.employees.iter().zip(&secrets) {
            sql_query("INSERT INTO staff (name, badge, secret, is_boss, left_at) VALUES (?, ?, ?, ?, ?)")
                .bind::<Text, _>(&person.name)
                .bind::<Integer, _>(person.employee_number)
                .bind::<Text, _>(secret)
                .bind::<Bool, _>(person.is_manager)
                .bind::<Nullable<BigInt>, _>(person.has_retired.then_some(now))
                .execute(conn)?;
        }
        for table in &restaurant.tables {
            sql_query("INSERT INTO dining_tables (number, seats) VALUES (?, ?)")
                .bind::<Integer, _>(table.number)
                .bind::<Integer, _>(table.capacity)
                .execute(conn)?;
        }
        for dish in &restaurant.menu {
            put_on_menu(conn, &dish.menu, &dish.kind, &dish.name, dish.price_cents)?;
        }
        for order in &restaurant.open_orders {
            // A table or a badge that is not there makes a NULL, and the table refuses that.
            let tab = sql_query(
                "INSERT INTO tabs (table_id, staff_id, opened_at) VALUES ( \
                 (SELECT id FROM dining_tables WHERE number = ?), (SELECT id FROM staff WHERE badge = ?), ?)",
            );
            tab.bind::<Integer, _>(order.table)
                .bind::<Integer, _>(order.server)
                .bind::<BigInt, _>(now)
                .execute(conn)?;
            sql_query(
                "INSERT INTO seatings (table_id, tab_id) SELECT table_id, id FROM tabs ORDER BY id DESC LIMIT 1",
            )
            .execute(conn)?;
            for line in &order.lines {
                sql_query(
                    "INSERT INTO tab_lines (tab_id, price_id, portions) VALUES ((SELECT max(id) FROM tabs), \
                     (SELECT prices.id FROM prices JOIN dishes ON dishes.id = dish_id WHERE name = ? AND served), ?) \
                     ON CONFLICT (tab_id, price_id) DO UPDATE SET portions = portions + excluded.portions",
                )
                .bind::<Text, _>(&line.dish)
                .bind::<Integer, _>(line.quantity)
                .execute(conn)?;
            }
        }
        Ok(())
    })
}

pub fn retire(conn: &mut Db, badge: i32) -> Done {
    let query = sql_query("UPDATE staff SET left_at = ? WHERE badge = ? AND left_at IS NULL");
    let now = Clock::system().now().0;
    match query.bind::<BigInt, _>(now).bind::<Integer, _>(badge).execute(conn)? {
        0 => Err(format!("nobody who works here has the number {badge}").into()),
        _ => Ok(()),
    }
}
