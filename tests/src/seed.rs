//! The seed from which every fixture draws its rows.

#[cfg(feature = "fixtures")]
use fake::rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};

/// The seed of the snapshots in the tree: the year in which *Alice in Wonderland* came out.
pub const PUBLISHED_SEED: u64 = 1865;

/// The seed of this process: `KATA_SEED`, or the published one.
///
/// # Panics
///
/// When `KATA_SEED` is not a number: a gate must never run on rows other than those asked for.
#[cfg(feature = "fixtures")]
pub fn seed() -> u64 {
    match std::env::var("KATA_SEED") {
        Ok(text) => text.parse().unwrap_or_else(|_| {
            panic!("KATA_SEED is {text:?}; set it to a whole number from 0 to {}, or unset it", u64::MAX)
        }),
        Err(_) => PUBLISHED_SEED,
    }
}

/// A generator whose numbers depend on the seed alone, on every platform and in every release.
#[cfg(feature = "fixtures")]
pub(crate) fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed())
}

/// A number that the seed decides, from 1000 to 9999, for rows that need no story.
#[cfg(feature = "fixtures")]
pub fn pick() -> u32 {
    rng().random_range(1000..10_000)
}
