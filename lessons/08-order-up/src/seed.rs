//! A restaurant to begin with.

use groundwork::{Db, write};
use thiserror::Error;

use crate::models::employee::{self, EmployeeError, NewEmployee};
use crate::models::menu::{self, Description, MenuError};
use crate::models::table::{self, TableError};
use crate::money::Cents;
use crate::role::Role;
use crate::security::passwords::{self, DEMO_PASSWORD};

/// What a restaurant has before it opens.
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
    /// In cents of a dollar.
    pub price_cents: i64,
}

impl Restaurant {
    /// The restaurant of the demo: Margot, who manages it, and two servers.
    pub fn demo() -> Self {
        let person = |name: &str, employee_number, is_manager| Person {
            name: name.to_owned(),
            employee_number,
            password: DEMO_PASSWORD.to_owned(),
            is_manager,
        };
        let dish = |name: &str, price_cents, kind: &str| Dish {
            menu: "Dinner".to_owned(),
            kind: kind.to_owned(),
            name: name.to_owned(),
            price_cents,
        };
        let capacities = [2, 2, 4, 4, 4, 4, 6, 6, 8, 10];
        Self {
            employees: vec![
                person("Margot", 1234, true),
                person("Robin", 2345, false),
                person("Sam", 3456, false),
            ],
            tables: (1..).zip(capacities).map(|(number, capacity)| Seats { number, capacity }).collect(),
            menu: vec![
                dish("Dr. Pepper", 100, "Beverages"),
                dish("Jambalaya", 2198, "Entrees"),
                dish("French fries", 350, "Sides"),
            ],
        }
    }
}

/// Why a restaurant could not be stored.
#[derive(Debug, Error)]
pub enum SeedError {
    /// The operating system has no random numbers.
    #[error("cannot hash a password")]
    Hash(#[from] argon2::password_hash::Error),
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
    todo!("Hash the passwords; then store the employees, the tables and the dishes in one `write`")
}
