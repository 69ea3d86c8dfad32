//! Cents, and how they are written.

use std::fmt;
use std::iter::Sum;

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::BigInt;

#[derive(AsExpression, Clone, Copy, Debug, Eq, FromSqlRow, Ord, PartialEq, PartialOrd)]
#[diesel(sql_type = BigInt)]
pub struct Cents(pub i64);

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(cents: I) -> Self {
        Self(cents.map(|cents| cents.0).sum())
    }
}

impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<BigInt, DB> for Cents
where
    i64: diesel::deserialize::FromSql<BigInt, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
        i64::from_sql(value).map(Self)
    }
}

impl<DB: diesel::backend::Backend> diesel::serialize::ToSql<BigInt, DB> for Cents
where
    i64: diesel::serialize::ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
        self.0.to_sql(out)
    }
}

#[cfg(test)]
mod tests {
    use super::Cents;

    #[test]
    fn two_digits_after_the_point() {
        let written = [0, 5, 350, 100_000].map(|cents| Cents(cents).to_string());
        assert_eq!(written, ["$0.00", "$0.05", "$3.50", "$1000.00"]);
    }
}
