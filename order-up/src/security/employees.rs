//! Connects axum-login to the employees: it finds an employee by id, or by number and password.

use axum_login::{AuthSession, AuthUser, AuthnBackend, UserId};
use groundwork::order_up::Timestamp;
use groundwork::order_up::passwords::Passwords;

use crate::error::AppError;
use crate::models::employee::{self, Employee};
use crate::pool::Pool;

/// The key under which a session holds when it was last refreshed.
pub const REFRESHED_AT: &str = "refreshed_at";

#[derive(Clone)]
pub struct Employees {
    pub pool: Pool,
    pub passwords: Passwords,
}

pub struct Credentials {
    /// `None` if what was typed is not a number.
    pub employee_number: Option<i32>,
    pub password: String,
}

/// Begins a session for this employee, with a new id. An attacker who has planted or seen the old id
/// gains nothing, and any earlier employee on this browser is signed out.
///
/// By itself, axum-login renews the id only if nobody was signed in.
///
/// # Errors
///
/// When the session cannot be stored.
pub async fn begin_session(
    auth: &mut AuthSession<Employees>,
    employee: &Employee,
    now: Timestamp,
) -> Result<(), AppError> {
    if auth.session.id().is_some() {
        auth.session.clear().await;
        auth.session.cycle_id().await?;
    }
    auth.login(employee).await?;
    // The session is fresh, so the first page does not have to refresh it.
    Ok(auth.session.insert(REFRESHED_AT, now).await?)
}

impl From<axum_login::Error<Employees>> for AppError {
    fn from(error: axum_login::Error<Employees>) -> Self {
        match error {
            axum_login::Error::Session(error) => error.into(),
            axum_login::Error::Backend(error) => error,
        }
    }
}

impl AuthUser for Employee {
    type Id = i32;

    fn id(&self) -> i32 {
        self.id
    }

    /// A session ends when this changes: with a new password, and when the employee retires.
    fn session_auth_hash(&self) -> &[u8] {
        self.session_key.as_bytes()
    }
}

impl AuthnBackend for Employees {
    type User = Employee;
    type Credentials = Credentials;
    type Error = AppError;

    async fn authenticate(&self, typed: Credentials) -> Result<Option<Employee>, AppError> {
        let found = match typed.employee_number {
            Some(number) => self.pool.run(move |conn| employee::with_number(conn, number)).await??,
            None => None,
        };
        let hashed = found.as_ref().map(|employee| employee.hashed_password.clone());
        Ok(if self.passwords.verify(typed.password, hashed).await { found } else { None })
    }

    /// Called for every request, so an employee who has retired is signed out at the next one.
    async fn get_user(&self, id: &UserId<Self>) -> Result<Option<Employee>, AppError> {
        let id = *id;
        Ok(self.pool.look_up(move |conn| employee::active(conn, id)).await??)
    }
}
