//! A restaurant to begin with.

use groundwork::order_up::Restaurant;
use groundwork::order_up::passwords::{self, HashError};
use groundwork::{Db, write};
use thiserror::Error;

use crate::models::employee::{self, EmployeeError, NewEmployee};
use crate::models::menu::{self, Description, MenuError};
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
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
}

/// Puts a restaurant into empty tables: all of it, or nothing.
///
/// # Errors
///
/// When the database refuses a row: two employees with one number, a name that is too long.
pub fn seed(conn: &mut Db, restaurant: &Restaurant) -> Result<(), SeedError> {
    // Task: Hash the passwords; then store the employees, the tables and the dishes in one `write`.
    // Hashing takes time, and nobody else can write during a transaction that does.
    let hashes = restaurant.employees.iter().map(|person| passwords::hash(&person.password));
    let hashes = hashes.collect::<Result<Vec<_>, _>>()?;
    write(conn, |conn| {
        for (person, hashed_password) in restaurant.employees.iter().zip(&hashes) {
            let new = NewEmployee {
                name: &person.name,
                employee_number: person.employee_number,
                hashed_password,
                role: if person.is_manager { Role::Manager } else { Role::Server },
            };
            employee::create(conn, &new)?;
        }
        for seats in &restaurant.tables {
            table::create(conn, seats.number, seats.capacity)?;
        }
        for dish in &restaurant.menu {
            let new = Description {
                name: dish.name.clone(),
                price: Cents(dish.price_cents),
                menu: dish.menu.clone(),
                kind: dish.kind.clone(),
            };
            menu::create(conn, &new)?;
        }
        Ok(())
    })
}
