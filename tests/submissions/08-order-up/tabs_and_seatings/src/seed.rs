//! What a restaurant begins with.

use std::error::Error;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Integer, Text};

use crate::Db;
use crate::db::put_on_menu;
use crate::safe::hash_password;

#[derive(Clone, Debug)]
pub struct Restaurant {
    pub employees: Vec<Person>,
    pub tables: Vec<Seats>,
    pub menu: Vec<Dish>,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    pub employee_number: i32,
    pub password: String,
    pub is_manager: bool,
}

#[derive(Clone, Debug)]
pub struct Seats {
    pub number: i32,
    pub capacity: i32,
}

#[derive(Clone, Debug)]
pub struct Dish {
    pub menu: String,
    pub kind: String,
    pub name: String,
    pub price_cents: i64,
}

impl Restaurant {
    pub fn demo() -> Self {
        let person = |name: &str, employee_number, is_manager| Person {
            name: name.to_owned(),
            employee_number,
            password: "password".to_owned(),
            is_manager,
        };
        let dish = |kind: &str, name: &str, price_cents| Dish {
            menu: "Dinner".to_owned(),
            kind: kind.to_owned(),
            name: name.to_owned(),
            price_cents,
        };
        Self {
            employees: vec![
                person("Margot", 1234, true),
                person("Robin", 2345, false),
                person("Sam", 3456, false),
            ],
            tables: (1..=10).map(|number| Seats { number, capacity: 2 + number % 4 * 2 }).collect(),
            menu: vec![
                dish("Sides", "French fries", 350),
                dish("Beverages", "Dr. Pepper", 100),
                dish("Entrees", "Jambalaya", 2198),
            ],
        }
    }
}

/// All of it or nothing. Passwords are hashed before the transaction begins, since that takes long.
pub fn seed(conn: &mut Db, restaurant: &Restaurant) -> Result<(), Box<dyn Error + Send + Sync>> {
    let secrets: Vec<_> = restaurant.employees.iter().map(|person| hash_password(&person.password)).collect();
    conn.immediate_transaction(|conn| {
        for (person, secret) in restaurant.employees.iter().zip(&secrets) {
            sql_query("INSERT INTO staff (name, badge, secret, is_boss) VALUES (?, ?, ?, ?)")
                .bind::<Text, _>(&person.name)
                .bind::<Integer, _>(person.employee_number)
                .bind::<Text, _>(secret)
                .bind::<Bool, _>(person.is_manager)
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
        Ok(())
    })
}
