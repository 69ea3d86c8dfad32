//! A price as a person types it.

use crate::money::Cents;

/// `6`, `6.5` and `6.50`, and no sign, no blank and no third digit.
pub fn parse(typed: &str) -> Option<Cents> {
    let (dollars, cents) = typed.split_once('.').unwrap_or((typed, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(dollars) || !is_number(cents) || cents.len() > 2 {
        return None;
    }
    let (dollars, tenths): (i64, i64) = (dollars.parse().ok()?, cents.parse().ok()?);
    let cents = if cents.len() == 1 { 10 * tenths } else { tenths };
    Some(Cents(dollars.checked_mul(100)?.checked_add(cents)?))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn prices_are_exact() {
        let parsed = ["6", "6.5", "6.50", "0.07", "10000.00"].map(|typed| parse(typed).map(|cents| cents.0));
        assert_eq!(parsed, [Some(600), Some(650), Some(650), Some(7), Some(1_000_000)]);
    }

    #[test]
    fn other_texts_are_none() {
        for typed in
            ["", ".", "6.", ".5", "-1", "+1", "1e3", "6,50", "6.505", "99999999999999999999", "1 0", "٣"]
        {
            assert!(parse(typed).is_none(), "{typed:?}");
        }
    }
}
