//! Points, exact to a hundredth: the same sum, whoever adds them up.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// In hundredths.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Points(i64);

/// The most that a file may ask for, so that no sum is too large.
const MOST: i64 = 1_000_000;

impl Points {
    pub const ZERO: Self = Self(0);
    pub const HUNDRED: Self = Self(100 * 100);

    /// This many of `whole` are `part`; half a hundredth counts as one. Of nothing, it is nothing.
    pub fn share(self, part: Self, whole: Self) -> Self {
        if whole.0 == 0 {
            return Self::ZERO;
        }
        let (part, whole) = (i128::from(part.0), i128::from(whole.0));
        let doubled = 2 * i128::from(self.0) * part + whole;
        Self(i64::try_from(doubled.div_euclid(2 * whole)).unwrap_or(i64::MAX))
    }

    pub fn times(self, count: i64) -> Self {
        Self(self.0.saturating_mul(count))
    }
}

impl From<u32> for Points {
    fn from(points: u32) -> Self {
        Self(i64::from(points) * 100)
    }
}

impl Add for Points {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Points {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Self::add)
    }
}

/// With a point, in every country, and no more digits than it has: `17`, `17.5`, `0.25`.
impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        match rest {
            0 => write!(f, "{sign}{whole}"),
            rest if rest % 10 == 0 => write!(f, "{sign}{whole}.{}", rest / 10),
            rest => write!(f, "{sign}{whole}.{rest:02}"),
        }
    }
}

impl<'a> Deserialize<'a> for Points {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;

        impl Visitor<'_> for Number {
            type Value = Points;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a number from 0 to {MOST}, with two digits behind the point at most")
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Points, E> {
                if (0..=MOST).contains(&number) {
                    Ok(Points(number * 100))
                } else {
                    Err(E::custom(format_args!("{number} is not {}", Expected(&self))))
                }
            }

            #[expect(clippy::cast_possible_truncation, reason = "it is small and whole")]
            fn visit_f64<E: Error>(self, number: f64) -> Result<Points, E> {
                let hundredths = (number * 100.0).round();
                let is_exact = (number * 100.0 - hundredths).abs() < 1e-6;
                if is_exact && (0.0..=(MOST * 100) as f64).contains(&hundredths) {
                    Ok(Points(hundredths as i64))
                } else {
                    Err(E::custom(format_args!("{number} is not {}", Expected(&self))))
                }
            }
        }

        /// What a visitor expects, in words.
        struct Expected<'a>(&'a Number);

        impl fmt::Display for Expected<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.expecting(f)
            }
        }

        deserializer.deserialize_any(Number)
    }
}

#[cfg(test)]
mod tests {
    use super::Points;

    #[derive(serde::Deserialize)]
    struct File {
        points: Points,
    }

    fn read(text: &str) -> Result<String, String> {
        let file: Result<File, _> = toml::from_str(&format!("points = {text}"));
        file.map(|file| file.points.to_string()).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn points_are_shown_as_they_were_written() {
        for (text, shown) in [
            ("0", "0"),
            ("17", "17"),
            ("17.50", "17.5"),
            ("0.25", "0.25"),
            ("0.1", "0.1"),
            ("12.05", "12.05"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(shown));
        }
        for text in ["-1", "0.123", "nan", "inf", "1000001", "'3'"] {
            assert!(read(text).unwrap_err().contains("two digits behind the point"), "{text}");
        }
    }

    #[test]
    fn a_share_is_rounded_once_and_never_exceeds_the_whole() {
        let of = |points: u32, part: u32, whole: u32| {
            Points::from(points).share(Points::from(part), Points::from(whole)).to_string()
        };
        assert_eq!(of(20, 14, 16), "17.5");
        assert_eq!(of(10, 1, 3), "3.33");
        assert_eq!(of(10, 2, 3), "6.67");
        assert_eq!(of(10, 3, 3), "10");
        assert_eq!(of(10, 0, 0), "0");
        assert_eq!((Points::from(3) - Points::from(1)).to_string(), "2");
        assert_eq!([1, 2, 3].map(Points::from).into_iter().sum::<Points>(), Points::from(6));
    }
}
