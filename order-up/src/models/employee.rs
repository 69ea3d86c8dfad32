//! Current and former employees.

use std::fmt;

use diesel::prelude::*;
use groundwork::order_up::Timestamp;
use groundwork::order_up::random::random_text;
use groundwork::{Backend, Constraint, Db, violated, write};
use thiserror::Error;

use crate::alphabetical::Alphabetical;
use crate::models::failed_sign_in;
use crate::role::Role;
use crate::schema::employees;

#[derive(Clone, HasQuery, Identifiable, PartialEq)]
#[diesel(table_name = employees, check_for_backend(Backend))]
pub struct Employee {
    pub id: i32,
    pub name: String,
    pub employee_number: i32,
    pub hashed_password: String,
    pub role: Role,
    /// When they left, unless they work here now.
    pub retired_at: Option<Timestamp>,
    /// What their sessions are bound to. All sessions that began before it was set are over.
    pub session_key: String,
}

impl Employee {
    pub fn is_manager(&self) -> bool {
        self.role == Role::Manager
    }
}

/// Leaves out the hash of the password and the key of the sessions: what is printed ends up in logs.
impl fmt::Debug for Employee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Employee({}, {:?}, {})", self.id, self.name, self.role)
    }
}

#[derive(Insertable)]
#[diesel(table_name = employees, check_for_backend(Backend))]
pub struct NewEmployee<'a> {
    pub name: &'a str,
    pub employee_number: i32,
    pub hashed_password: &'a str,
    pub role: Role,
    /// Set if the employee has already left when they are stored.
    pub retired_at: Option<Timestamp>,
}

/// Why something about an employee could not be changed.
#[derive(Debug, Error)]
pub enum EmployeeError {
    #[error("there is no such employee")]
    Unknown,
    #[error("another employee has this number")]
    NumberTaken,
    /// At least one manager has to remain, to undo things.
    #[error("there is no other manager")]
    LastManager,
    #[error(transparent)]
    Database(diesel::result::Error),
}

impl From<diesel::result::Error> for EmployeeError {
    fn from(error: diesel::result::Error) -> Self {
        match violated(&error) {
            Some(Constraint::Unique(columns)) if columns == ["employees.employee_number"] => {
                Self::NumberTaken
            }
            _ if error == diesel::NotFound => Self::Unknown,
            _ => Self::Database(error),
        }
    }
}

/// All employees by name; former employees come last.
///
/// # Errors
///
/// When the database fails.
pub fn all(conn: &mut Db) -> QueryResult<Vec<Employee>> {
    let mut all: Vec<Employee> = Employee::query().load(conn)?;
    all.sort_by_cached_key(|it| (it.retired_at.is_some(), Alphabetical::new(&it.name), it.id));
    Ok(all)
}

/// The ids and names of all current employees, by name.
///
/// # Errors
///
/// When the database fails.
pub fn servers(conn: &mut Db) -> QueryResult<Vec<(i32, String)>> {
    let working = employees::table.filter(employees::retired_at.is_null());
    let mut servers: Vec<(i32, String)> = working.select((employees::id, employees::name)).load(conn)?;
    servers.sort_by_cached_key(|(id, name)| (Alphabetical::new(name), *id));
    Ok(servers)
}

/// The employee with this id, whether they work here or have left.
///
/// # Errors
///
/// `NotFound` if there is none, or another error when the database fails.
pub fn find(conn: &mut Db, id: i32) -> QueryResult<Employee> {
    Employee::query().find(id).first(conn)
}

/// The current employee with this id.
///
/// # Errors
///
/// When the database fails.
pub fn active(conn: &mut Db, id: i32) -> QueryResult<Option<Employee>> {
    Employee::query().find(id).filter(employees::retired_at.is_null()).first(conn).optional()
}

/// The current employee with this number.
///
/// # Errors
///
/// When the database fails.
pub fn with_number(conn: &mut Db, number: i32) -> QueryResult<Option<Employee>> {
    Employee::query()
        .filter(employees::employee_number.eq(number).and(employees::retired_at.is_null()))
        .first(conn)
        .optional()
}

/// Adds an employee.
///
/// # Errors
///
/// [`EmployeeError::NumberTaken`] if another employee has the number, or had it.
pub fn create(conn: &mut Db, new: &NewEmployee<'_>) -> Result<Employee, EmployeeError> {
    Ok(diesel::insert_into(employees::table)
        .values((new, employees::session_key.eq(random_text())))
        .returning(Employee::as_returning())
        .get_result(conn)?)
}

/// Changes name and role.
///
/// # Errors
///
/// [`EmployeeError::LastManager`] if nobody else is a manager, and [`EmployeeError::Unknown`] if there
/// is no such employee.
pub fn update(conn: &mut Db, id: i32, name: &str, role: Role) -> Result<(), EmployeeError> {
    write(conn, |conn| {
        let employee = find(conn, id)?;
        if employee.is_manager() && role != Role::Manager {
            another_manager_than(conn, id)?;
        }
        let set = (employees::name.eq(name), employees::role.eq(role));
        diesel::update(employees::table.find(id)).set(set).execute(conn)?;
        Ok(())
    })
}

/// Sets a password. Sessions that began with the old one end, and earlier failed attempts no longer count.
///
/// # Errors
///
/// [`EmployeeError::Unknown`] if there is no such employee.
pub fn set_password(conn: &mut Db, id: i32, hashed_password: &str) -> Result<(), EmployeeError> {
    write(conn, |conn| {
        let set = (employees::hashed_password.eq(hashed_password), employees::session_key.eq(random_text()));
        let update = diesel::update(employees::table.find(id)).set(set);
        let employee_number = update.returning(employees::employee_number).get_result(conn)?;
        failed_sign_in::forget_all(conn, employee_number)?;
        Ok(())
    })
}

/// Retires an employee, who can no longer sign in. Their sessions end for good, even if they are reinstated. Their
/// orders stay in the history.
///
/// # Errors
///
/// [`EmployeeError::LastManager`] if nobody else is a manager, and [`EmployeeError::Unknown`] if there
/// is no such employee.
pub fn retire(conn: &mut Db, id: i32, now: Timestamp) -> Result<(), EmployeeError> {
    write(conn, |conn| {
        if find(conn, id)?.is_manager() {
            another_manager_than(conn, id)?;
        }
        let employee = employees::table.find(id).filter(employees::retired_at.is_null());
        let set = (employees::retired_at.eq(now), employees::session_key.eq(random_text()));
        diesel::update(employee).set(set).execute(conn)?;
        Ok(())
    })
}

/// Lets a retired employee sign in again.
///
/// # Errors
///
/// [`EmployeeError::Unknown`] if there is no such employee.
pub fn reinstate(conn: &mut Db, id: i32) -> Result<(), EmployeeError> {
    let set = employees::retired_at.eq(None::<Timestamp>);
    match diesel::update(employees::table.find(id)).set(set).execute(conn)? {
        0 => Err(EmployeeError::Unknown),
        _ => Ok(()),
    }
}

/// Whether there are no employees yet.
///
/// # Errors
///
/// When the database fails.
pub fn is_empty(conn: &mut Db) -> QueryResult<bool> {
    Ok(employees::table.select(employees::id).first::<i32>(conn).optional()?.is_none())
}

/// Checks that somebody else is a manager.
///
/// The update sets the role of every manager to what it is. It changes nothing, but until this
/// transaction ends nobody else can change one of them. So when two managers retire each other at
/// the same time, one of the two fails.
fn another_manager_than(conn: &mut Db, id: i32) -> Result<(), EmployeeError> {
    let managers =
        employees::table.filter(employees::role.eq(Role::Manager).and(employees::retired_at.is_null()));
    diesel::update(managers).set(employees::role.eq(Role::Manager)).execute(conn)?;
    let others = managers.filter(employees::id.ne(id)).count().get_result::<i64>(conn)?;
    if others == 0 { Err(EmployeeError::LastManager) } else { Ok(()) }
}
