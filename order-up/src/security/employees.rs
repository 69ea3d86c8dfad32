//! What axum-login asks of us: who an id belongs to, and whose number and password these are.

use axum_login::{AuthSession, AuthUser, AuthnBackend, UserId};

use super::passwords::Passwords;
use crate::error::AppError;
use crate::models::employee::{self, Employee};
use crate::pool::Pool;
use crate::timestamp::Timestamp;

/// The key under which a session holds when it was last refreshed.
pub const REFRESHED_AT: &str = "refreshed_at";

#[derive(Clone)]
pub struct Employees {
    pub pool: Pool,
    pub passwords: Passwords,
}

pub struct Credentials {
    /// `None` if what was typed is no number.
    pub employee_number: Option<i32>,
    pub password: String,
}

/// Begins a session of this employee's, with a new id. Whoever has fixed or seen the id before has
/// nothing of it, and whoever was signed in here before is not any more.
///
/// axum-login renews the id of a session in which nobody had signed in, and of no other.
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
    // It is fresh, so the first page need not refresh it.
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

    /// A session ends when this changes, so a new password ends all sessions with the old one.
    fn session_auth_hash(&self) -> &[u8] {
        self.hashed_password.as_bytes()
    }
}

impl AuthnBackend for Employees {
    type User = Employee;
    type Credentials = Credentials;
    type Error = AppError;

    async fn authenticate(&self, typed: Credentials) -> Result<Option<Employee>, AppError> {
        // Task: Find the employee with the number, if it is one, and return them if the password fits.
        let found = match typed.employee_number {
            Some(number) => self.pool.run(move |conn| employee::with_number(conn, number)).await??,
            None => None,
        };
        let hashed = found.as_ref().map(|employee| employee.hashed_password.clone());
        Ok(if self.passwords.fits(typed.password, hashed).await { found } else { None })
    }

    /// Asked for with every request, so whoever is retired is out with the next one.
    async fn get_user(&self, id: &UserId<Self>) -> Result<Option<Employee>, AppError> {
        let id = *id;
        Ok(self.pool.look_up(move |conn| employee::active(conn, id)).await??)
    }
}
