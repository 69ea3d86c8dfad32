//! Retires an employee by the number that they sign in with.

use diesel::prelude::*;
use groundwork::order_up::Clock;
use groundwork::{Db, write};

use crate::models::employee::{self, EmployeeError};
use crate::schema::employees;

/// Retires an employee. Their sessions end at their next request, and they can no longer sign in.
///
/// # Errors
///
/// [`EmployeeError::Unknown`] if nobody has, or had, this number, and [`EmployeeError::LastManager`] if
/// nobody else is a manager.
pub fn retire(conn: &mut Db, employee_number: i32) -> Result<(), EmployeeError> {
    write(conn, |conn| {
        let with_number = employees::table.filter(employees::employee_number.eq(employee_number));
        let id = with_number.select(employees::id).first(conn)?;
        employee::retire(conn, id, Clock::system().now())
    })
}
