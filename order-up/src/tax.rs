//! A tax that prices include.

use crate::money::Cents;

#[derive(Clone, Debug, PartialEq)]
pub struct Tax {
    /// The rate as the settings write it, in percent: `8`, `8.875`, `7,7`.
    pub percent: String,
    /// The same, in thousandths of a percent.
    rate: i64,
}

/// A hundred percent.
const WHOLE: i64 = 100_000;

impl Tax {
    /// Reads a rate from 0 to 100 percent, with at most three digits after the point or comma.
    pub fn parse(text: &str) -> Option<Self> {
        let percent = text.trim().trim_end_matches('%').trim_end();
        let (whole, rest) = percent.split_once(['.', ',']).unwrap_or((percent, "0"));
        let is_number = |digits: &str| {
            (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !is_number(whole) || !is_number(rest) {
            return None;
        }
        let rate = 1000 * whole.parse::<i64>().ok()? + format!("{rest:0<3}").parse::<i64>().ok()?;
        (rate <= WHOLE).then(|| Self { percent: percent.to_owned(), rate })
    }

    pub fn is_zero(&self) -> bool {
        self.rate == 0
    }

    /// How much of `amount` is tax, rounded to the cent: of 1.08 at 8 percent it is 0.08.
    pub fn included_in(&self, amount: Cents) -> Cents {
        let (amount, rate) = (i128::from(amount.0), i128::from(self.rate));
        let whole = i128::from(WHOLE) + rate;
        let tax = (2 * amount * rate + whole) / (2 * whole);
        // It is less than the amount, which fits.
        Cents(i64::try_from(tax).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tax(text: &str) -> Tax {
        Tax::parse(text).expect("it is a rate")
    }

    #[test]
    fn a_rate_is_read_as_people_write_it() {
        for (text, percent, rate) in [
            ("8", "8", 8000),
            ("8 %", "8", 8000),
            (" 8.875% ", "8.875", 8875),
            ("7,7", "7,7", 7700),
            ("0", "0", 0),
            ("100", "100", WHOLE),
            ("05.50", "05.50", 5500),
        ] {
            assert_eq!(Tax::parse(text), Some(Tax { percent: percent.to_owned(), rate }), "{text:?}");
        }
    }

    #[test]
    fn text_that_is_not_a_rate_is_refused() {
        for text in
            ["", "%", "eight", "-8", "+8", "8.8755", "100.001", "101", "8.", ".5", "8 8", "1e1", "٨", "8.8.8"]
        {
            assert_eq!(Tax::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn the_tax_is_included_in_the_amount_and_rounded_to_the_nearest_cent() {
        for (rate, amount, included) in [
            ("8", 108, 8),
            ("8", 2648, 196),
            ("8.875", 2648, 216),
            ("19", 1190, 190),
            ("100", 3, 2),
            ("100", 1, 1),
            ("0", 500, 0),
            ("20", 0, 0),
            ("8", i64::MAX, 683_212_743_470_724_134),
        ] {
            assert_eq!(tax(rate).included_in(Cents(amount)), Cents(included), "{rate} in {amount}");
        }
    }
}
