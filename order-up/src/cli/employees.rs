//! Adds employees, and sets their passwords.

use anyhow::{Context, Result, anyhow, bail};
use groundwork::Db;
use order_up::form::Form;
use order_up::migrate::migrate;
use order_up::models::employee::{self, EmployeeError, NewEmployee};
use order_up::{Restaurant, Role, seed};

use super::password;

pub fn seed_demo(conn: &mut Db) -> Result<()> {
    migrate(conn, |conn| {
        if !employee::is_empty(conn)? {
            bail!("there are already employees, so nothing was added. The demo is for an empty database.");
        }
        Ok(seed(conn, &Restaurant::demo())?)
    })?;
    println!("Margot (1234), Robin (2345) and Sam (3456) can sign in with `password`, on this machine only.");
    Ok(())
}

pub fn create(conn: &mut Db, name: &str, number: i32, manager: bool) -> Result<()> {
    // The same rule as on the page.
    let name = Form::filled([("name", name.to_owned())]).text("name", 100);
    let name = name.context("the name must be one line of 1 to 100 characters.")?;
    let hashed_password = password::ask()?;
    let role = if manager { Role::Manager } else { Role::Server };
    let new = NewEmployee {
        name: &name,
        employee_number: number,
        hashed_password: &hashed_password,
        role,
        retired_at: None,
    };
    let employee = employee::create(conn, &new).map_err(|error| match error {
        EmployeeError::NumberTaken => {
            anyhow!("another employee has the number {number}; choose one that is free.")
        }
        error => error.into(),
    })?;
    println!("{} can sign in with the number {number}.", employee.name);
    Ok(())
}

pub fn set_password(conn: &mut Db, number: i32) -> Result<()> {
    let employee = employee::with_number(conn, number)?;
    let employee = employee.with_context(|| format!("no current employee has the number {number}."))?;
    let hashed_password = password::ask()?;
    employee::set_password(conn, employee.id, &hashed_password)?;
    println!("{} can now sign in with the new password.", employee.name);
    Ok(())
}
