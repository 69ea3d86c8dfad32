//! What axum-login asks for: an employee, and where employees are found.

use std::fmt;

use axum_login::{AuthUser, AuthnBackend, UserId};
use diesel::prelude::*;
use groundwork::Pool;
use groundwork::order_up::Passwords;

use crate::error::AppError;
use crate::schema::employees;

/// Somebody who works here.
#[derive(Clone, HasQuery)]
#[diesel(table_name = employees, base_query = employees::table.filter(employees::retired_at.is_null()))]
pub struct Employee {
    pub id: i32,
    pub name: String,
    password_hash: String,
    pub is_manager: bool,
}

impl fmt::Debug for Employee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Employee").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

impl AuthUser for Employee {
    type Id = i32;

    fn id(&self) -> i32 {
        self.id
    }

    fn session_auth_hash(&self) -> &[u8] {
        self.password_hash.as_bytes()
    }
}

/// What somebody has typed at the door.
pub struct Credentials {
    pub number: String,
    pub password: String,
}

#[derive(Clone)]
pub struct Backend {
    pub pool: Pool,
    pub passwords: Passwords,
}

impl AuthnBackend for Backend {
    type User = Employee;
    type Credentials = Credentials;
    type Error = AppError;

    async fn authenticate(&self, typed: Credentials) -> Result<Option<Employee>, AppError> {
        let employee = match typed.number.trim().parse::<i32>() {
            Ok(number) => {
                let find = move |conn: &mut _| {
                    Employee::query().filter(employees::number.eq(number)).first(conn).optional()
                };
                self.pool.run(find).await??
            }
            Err(_) => None,
        };
        let hash = employee.as_ref().map(|employee| employee.password_hash.clone());
        Ok(self.passwords.verify(typed.password, hash).await.then_some(employee).flatten())
    }

    async fn get_user(&self, id: &UserId<Self>) -> Result<Option<Employee>, AppError> {
        let id = *id;
        Ok(self
            .pool
            .run(move |conn| Employee::query().filter(employees::id.eq(id)).first(conn).optional())
            .await??)
    }
}
