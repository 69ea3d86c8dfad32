//! One share of a batch, when several machines grade it.
//!
//! A submission's name decides which shard grades it. So no machine reads what the others grade, a submission that is
//! handed in again stays where `--resume` knows it, and one more student moves nobody else.

pub mod record;
mod scheduler;
pub mod wanted;

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// Far more machines than a class needs.
const MOST: u32 = 10_000;

/// The shard `index` of `count`; the first is 1.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Shard {
    pub index: u32,
    pub count: u32,
}

/// Why there is no shard.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("`{0}` is not a shard: write `2/6` for the second of six, `auto`, or `auto/6`")]
    NotAShard(String),
    #[error("shard {index} of {count} does not exist: the first is 1, and the last is {count}")]
    OutOfRange { index: u32, count: u32 },
    #[error("there can be 1 to {MOST} shards, not {0}")]
    Count(u32),
    #[error(
        "`--shard auto` found no scheduler: neither {0} is set. Name the shard instead, as in `--shard 2/6`"
    )]
    NoScheduler(String),
    #[error(
        "`--shard auto` found two schedulers, by {0} and {1}. Name the shard instead, as in `--shard 2/6`"
    )]
    TwoSchedulers(&'static str, &'static str),
    #[error("{missing} is not set, although {set} is: {advice}")]
    HalfSet { set: &'static str, missing: &'static str, advice: &'static str },
    #[error("{variable} is `{value}`, which is not a number from 0 to 999999")]
    NotANumber { variable: &'static str, value: String },
    #[error("{variable} is {value}, which does not fit: {why}")]
    DoesNotFit { variable: &'static str, value: u32, why: String },
    #[error("{0} does not say how many shards there are: write `--shard auto/6` for six")]
    NoCount(&'static str),
}

impl Shard {
    /// All of a batch.
    pub const WHOLE: Self = Self { index: 1, count: 1 };

    /// # Errors
    ///
    /// When there is no such shard.
    pub fn new(index: u32, count: u32) -> Result<Self, Error> {
        if !(1..=MOST).contains(&count) {
            return Err(Error::Count(count));
        }
        if !(1..=count).contains(&index) {
            return Err(Error::OutOfRange { index, count });
        }
        Ok(Self { index, count })
    }

    /// Whether this shard grades the submission of this name.
    pub fn holds(self, name: &str) -> bool {
        // Two file systems may store the same name in two ways.
        let name: String = name.nfc().collect::<String>().to_lowercase();
        let digest: [u8; 32] = Sha256::digest(name).into();
        let number = digest.iter().take(8).fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
        number % u64::from(self.count) + 1 == u64::from(self.index)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shard {} of {}", self.index, self.count)
    }
}

/// A number without a sign, as schedulers write it.
fn number(text: &str) -> Option<u32> {
    let is_number = (1..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_submission_is_in_one_shard_and_shards_are_about_the_same_size() {
        for count in [1, 2, 6, 40] {
            let shards: Vec<_> = (1..=count).map(|index| Shard::new(index, count).unwrap()).collect();
            let mut sizes = vec![0; shards.len()];
            for number in 0..3000 {
                let name = format!("student {number}");
                let holding: Vec<_> = (0..shards.len()).filter(|place| shards[*place].holds(&name)).collect();
                assert_eq!(holding.len(), 1, "{name}");
                sizes[holding[0]] += 1;
            }
            let mean = 3000 / count;
            assert!(sizes.iter().all(|size| (mean / 2..=mean * 2).contains(size)), "{sizes:?}");
        }
    }

    #[test]
    fn a_name_is_in_the_same_shard_on_every_machine_and_in_every_version() {
        let shard = |name: &str| (1..=6).find(|index| Shard::new(*index, 6).unwrap().holds(name)).unwrap();
        // As `printf ann | sha256sum` begins, in 16 digits, modulo 6, and one more.
        for (name, digits) in [("ann", "49915e0d7d4b402e"), ("bob", "81b637d8fcd2c6da")] {
            let digest: [u8; 32] = Sha256::digest(name).into();
            assert_eq!(kata::digest::hex(&digest[..8]), digits, "{name}");
            let number = u64::from_str_radix(digits, 16).unwrap();
            assert_eq!(u64::from(shard(name)), number % 6 + 1);
        }
        assert_eq!(shard("Zoe\u{308}"), shard("zo\u{eb}"));
    }
}
