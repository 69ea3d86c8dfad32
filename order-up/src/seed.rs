//! Fills an empty database with a restaurant.

use std::collections::HashMap;

use groundwork::order_up::passwords::{self, HashError};
use groundwork::order_up::restaurant::{OpenOrder, Ordered};
use groundwork::order_up::{Clock, Restaurant};
use groundwork::{Db, write};
use thiserror::Error;

use crate::alphabetical::Alphabetical;
use crate::models::employee::{self, EmployeeError, NewEmployee};
use crate::models::menu::{self, Description, MenuError};
use crate::models::order::{self, OrderError};
use crate::models::order_detail::{self, LineRequest};
use crate::models::table::{self, TableError};
use crate::money::Cents;
use crate::role::Role;

/// Why a restaurant could not be stored.
#[derive(Debug, Error)]
pub enum SeedError {
    /// The operating system has no random numbers.
    #[error("cannot hash a password")]
    Hash(#[from] HashError),
    #[error("cannot store an employee")]
    Employee(#[from] EmployeeError),
    #[error("cannot store a table")]
    Table(#[from] TableError),
    #[error("cannot store a dish")]
    Menu(#[from] MenuError),
    #[error("cannot store an open order")]
    Order(#[from] OrderError),
    #[error("an open order is at table {number}, which does not exist")]
    NoTable { number: i32 },
    #[error("an open order belongs to server {employee_number}, who does not exist")]
    NoServer { employee_number: i32 },
    #[error("an open order contains {name:?}, which is not on the menu")]
    NoDish { name: String },
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
}

/// Puts a restaurant into empty tables: all of it, or nothing.
///
/// # Errors
///
/// When the database rejects a row: two employees with one number, a name that is too long, two open
/// orders at one table. And when an open order is at a table, of a server or with a dish that the
/// restaurant does not have.
pub fn seed(conn: &mut Db, restaurant: &Restaurant) -> Result<(), SeedError> {
    // Hashing takes time, and nobody else can write while this transaction is open.
    let hashes = restaurant.employees.iter().map(|person| passwords::hash(&person.password));
    let hashes = hashes.collect::<Result<Vec<_>, _>>()?;
    let now = Clock::system().now();
    write(conn, |conn| {
        let (mut employees, mut tables, mut dishes) = (HashMap::new(), HashMap::new(), HashMap::new());
        for (person, hashed_password) in restaurant.employees.iter().zip(&hashes) {
            let new = NewEmployee {
                name: &person.name,
                employee_number: person.employee_number,
                hashed_password,
                role: if person.is_manager { Role::Manager } else { Role::Server },
                retired_at: person.has_retired.then_some(now),
            };
            employees.insert(person.employee_number, employee::create(conn, &new)?);
        }
        for seats in &restaurant.tables {
            tables.insert(seats.number, table::create(conn, seats.number, seats.capacity)?);
        }
        // The types begin in alphabetical order, and the managers can change that.
        let mut kinds: Vec<_> = restaurant.menu.iter().map(|dish| &dish.kind).collect();
        kinds.sort_by_cached_key(|kind| Alphabetical::new(kind));
        for kind in kinds {
            menu::type_named(conn, kind)?;
        }
        for dish in &restaurant.menu {
            let new = Description {
                name: dish.name.clone(),
                price: Cents(dish.price_cents),
                menu: dish.menu.clone(),
                kind: dish.kind.clone(),
            };
            dishes.insert(&dish.name, menu::create(conn, &new)?.id);
        }
        for &OpenOrder { table: number, server: employee_number, ref lines } in &restaurant.open_orders {
            let table = tables.get(&number).ok_or(SeedError::NoTable { number })?;
            let server = employees.get(&employee_number).ok_or(SeedError::NoServer { employee_number })?;
            let request = |Ordered { dish: name, quantity }: &_| match dishes.get(name) {
                Some(&menu_item_id) => Ok(LineRequest::plain(menu_item_id, *quantity)),
                None => Err(SeedError::NoDish { name: name.clone() }),
            };
            let requests = lines.iter().map(request).collect::<Result<Vec<_>, _>>()?;
            let id = order::open(conn, table, server, None, now)?;
            order_detail::add(conn, server, id, &requests, now)?;
        }
        Ok(())
    })
}
