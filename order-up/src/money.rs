//! Money is counted in whole cents: a `f64` cannot hold $0.10, and bills must add up.

use std::iter::Sum;
use std::ops::Mul;

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::BigInt;
use serde::{Deserialize, Serialize};

/// An amount in cents. `PriceFormat` formats it.
#[derive(
    AsExpression, Clone, Copy, Debug, Deserialize, Eq, FromSqlRow, Ord, PartialEq, PartialOrd, Serialize,
)]
#[diesel(sql_type = BigInt)]
pub struct Cents(pub i64);

/// Ignored around a price, whichever it is: the restaurant uses one currency.
const SIGNS: &str = "$€£¥₣₤₦₩₪₫₱₴₹₺₽₿";

impl Cents {
    /// Reads what a person types for a price: `3.50`, `3,50`, `3.5`, `3`, `$3.50`, `3 €`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_matches(|char: char| char.is_whitespace() || SIGNS.contains(char));
        let (dollars, cents) = text.split_once(['.', ',']).unwrap_or((text, "0"));
        let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(dollars) || !is_number(cents) || cents.len() > 2 {
            return None;
        }
        let dollars: i64 = dollars.parse().ok()?;
        // In `3.5` the five is fifty cents.
        let cents: i64 = format!("{cents:0<2}").parse().ok()?;
        dollars.checked_mul(100)?.checked_add(cents).map(Self)
    }

    /// An equal share of the amount, rounded to the cent. `None` if there is nobody to share it.
    pub fn divided_by(self, count: i64) -> Option<Self> {
        (count > 0).then(|| Self((2 * self.0 + count) / (2 * count)))
    }

    /// The amount as a person would type it: `26.48`.
    pub fn plain(self) -> String {
        format!("{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl Mul<i32> for Cents {
    type Output = Self;

    /// The price of this many.
    fn mul(self, quantity: i32) -> Self {
        Self(self.0 * i64::from(quantity))
    }
}

impl<DB: Backend> FromSql<BigInt, DB> for Cents
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        i64::from_sql(value).map(Self)
    }
}

impl<DB: Backend> ToSql<BigInt, DB> for Cents
where
    i64: ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.map(|amount| amount.0).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::Cents;

    #[test]
    fn a_price_is_read_as_people_type_it() {
        let read: Vec<_> = ["3.50", "3,50", "3.5", "3", "$21.98", "3,50 €", " 0,05 "]
            .map(Cents::parse)
            .into_iter()
            .collect();
        assert_eq!(read, [350, 350, 350, 300, 2198, 350, 5].map(|cents| Some(Cents(cents))));
    }

    #[test]
    fn a_share_is_rounded_to_the_nearest_cent() {
        for (amount, count, share) in [(100, 3, 33), (200, 3, 67), (5, 2, 3), (1, 3, 0), (0, 7, 0), (7, 7, 1)]
        {
            assert_eq!(Cents(amount).divided_by(count), Some(Cents(share)), "{amount} by {count}");
        }
        assert_eq!(Cents(100).divided_by(0), None);
    }

    #[test]
    fn text_that_is_not_a_price_is_refused() {
        for text in [
            "",
            "$",
            "x3",
            "-1",
            "1.234",
            "1,234",
            "1,234.50",
            "1.2,3",
            "1e3",
            ".5",
            "3.",
            "9999999999999999999",
            "٣",
        ] {
            assert_eq!(Cents::parse(text), None, "{text:?}");
        }
    }
}
