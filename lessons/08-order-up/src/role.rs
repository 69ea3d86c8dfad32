//! What an employee may do.

use std::fmt;

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Text;

#[derive(AsExpression, Clone, Copy, Debug, Eq, FromSqlRow, PartialEq)]
#[diesel(sql_type = Text)]
pub enum Role {
    /// Acts on own orders.
    Server,
    /// May act on all orders, and change the menu, the tables and the employees.
    Manager,
}

impl Role {
    pub const ALL: [Self; 2] = [Self::Server, Self::Manager];

    /// The name of the role in the tables, in forms and on pages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Manager => "manager",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl<DB: Backend> FromSql<Text, DB> for Role
where
    String: FromSql<Text, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let name = String::from_sql(value)?;
        let role = Self::ALL.into_iter().find(|role| role.name() == name);
        role.ok_or_else(|| format!("there is no role `{name}`").into())
    }
}

impl<DB: Backend> ToSql<Text, DB> for Role
where
    str: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.name().to_sql(out)
    }
}
