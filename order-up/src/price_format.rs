//! How the restaurant writes prices: the currency sign, its side of the amount, and a point or a comma.

use crate::money::Cents;

/// A way to write prices. The settings give it as an example, `$3.50` or `3,50 €`.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceFormat {
    before: String,
    point: char,
    after: String,
}

impl PriceFormat {
    /// Reads the format from `example`, which is 3.50 in the restaurant's currency.
    pub fn like(example: &str) -> Option<Self> {
        let point = ['.', ','].into_iter().find(|point| example.contains(&format!("3{point}50")))?;
        let (before, after) = example.split_once(&format!("3{point}50"))?;
        let is_sign = |text: &str| {
            text.chars().count() <= 6 && !text.chars().any(|it| it.is_control() || it.is_numeric())
        };
        (is_sign(before) && is_sign(after)).then(|| Self {
            before: before.to_owned(),
            point,
            after: after.to_owned(),
        })
    }

    /// Whether a comma is before the cents.
    pub fn has_comma(&self) -> bool {
        self.point == ','
    }

    /// The amount, as in `$26.48`.
    pub fn show(&self, amount: Cents) -> String {
        format!("{}{}{}", self.before, self.plain(amount), self.after)
    }

    /// The amount without a sign, as a person would type it: `26.48`.
    pub fn plain(&self, amount: Cents) -> String {
        amount.plain().replace('.', &self.point.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_formatted_like_the_example() {
        for (example, shown) in [
            ("$3.50", "$1234.05"),
            ("3.50", "1234.05"),
            ("3,50 €", "1234,05 €"),
            ("CHF 3.50", "CHF 1234.05"),
            ("3,50 zł", "1234,05 zł"),
        ] {
            assert_eq!(PriceFormat::like(example).map(|it| it.show(Cents(123_405))).as_deref(), Some(shown));
        }
        assert_eq!(PriceFormat::like("3,50 €").map(|it| it.plain(Cents(5))).as_deref(), Some("0,05"));
    }

    #[test]
    fn text_that_is_not_an_example_is_refused() {
        for text in
            ["", "$", "€", "$3", "3.5", "$3.500", "13.50", "$3.50 and 3.50", "a long word 3.50", "3\n.50"]
        {
            assert_eq!(PriceFormat::like(text), None, "{text:?}");
        }
    }
}
