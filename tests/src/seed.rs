//! The seed from which every fixture draws its rows.

use fake::rand::rngs::ChaCha8Rng;
use fake::rand::seq::IndexedRandom;
use fake::rand::{RngExt, SeedableRng};

use gate_contract::PUBLISHED_SEED;

/// The seed of this process: the one that came with the key of the seal; else `KATA_SEED`, or the published one.
///
/// # Panics
///
/// When `KATA_SEED` is not a number: a gate must never run on rows other than those asked for.
pub fn seed() -> u64 {
    crate::start::begin();
    if let Some(seed) = crate::seal::seed() {
        return seed;
    }
    match std::env::var("KATA_SEED") {
        Ok(text) => text.parse().unwrap_or_else(|_| {
            panic!("KATA_SEED is {text:?}; set it to a whole number from 0 to {}, or unset it", u64::MAX)
        }),
        Err(_) => PUBLISHED_SEED,
    }
}

/// A generator whose numbers depend on the seed alone, on every platform and in every release.
pub fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed())
}

/// A number that the seed decides, from 1000 to 9999, for rows that need no story.
pub fn pick() -> u32 {
    rng().random_range(1000..10_000)
}

/// What students read about on the published seed, and something else on every other: what a gate says in so
/// many words is an answer that can be written down. Each `published` gets a draw of its own.
pub fn drawn<T>(published: T, name: &str, draw: impl FnOnce(&mut ChaCha8Rng) -> T) -> T {
    let seed = seed();
    if seed == PUBLISHED_SEED {
        return published;
    }
    let name = name.bytes().fold(seed, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    draw(&mut ChaCha8Rng::seed_from_u64(name))
}

/// A title: this one on the published seed, and two or three other words on every other.
pub fn title(published: &str) -> String {
    drawn(published.to_owned(), published, |rng| {
        let words: Vec<_> = (0..rng.random_range(2..=3)).map(|_| any_word(rng)).collect();
        words.join(" ")
    })
}

/// Titles: these on the published seed, and two to five others on every other.
pub fn titles(published: &[&str]) -> Vec<String> {
    let count = drawn(published.len(), &published.concat(), |rng| rng.random_range(2..=5));
    let name = |index: usize| published.get(index).map_or(index.to_string(), |title| (*title).to_owned());
    (0..count).map(|index| title(&name(index))).collect()
}

/// A number: this one on the published seed, and another one from 2 to 999 on every other.
pub fn number(published: i32) -> i32 {
    drawn(published, &published.to_string(), |rng| rng.random_range(2..1000))
}

/// A word: this one on the published seed, and another one, of small letters, on every other.
pub fn word(published: &str) -> String {
    drawn(published.to_owned(), published, |rng| any_word(rng).to_lowercase())
}

/// As many hexadecimal digits: those from 0 to f, over and over, on the published seed, and others on every other.
pub fn hexadecimal(count: usize) -> String {
    let digit = |number: u32| char::from_digit(number % 16, 16).expect("it is less than sixteen");
    let published = (0..).take(count).map(digit).collect();
    drawn(published, &format!("{count} digits"), |rng| {
        (0..count).map(|_| digit(rng.random_range(0..16))).collect()
    })
}

/// A word for what must not show: `Rosebud` on the published seed, and another one on every other.
pub fn secret() -> String {
    drawn("Rosebud".to_owned(), "secret", |rng| format!("{}{}", any_word(rng), any_word(rng)))
}

/// As many letters. Each is one character of two bytes.
pub fn letters(count: usize) -> String {
    let letters = ['é', 'ø', 'ñ', 'ß', 'ж', 'λ'];
    drawn('é', "letters", |rng| letters[rng.random_range(0..letters.len())]).to_string().repeat(count)
}

/// Five letters, the first of them a capital.
fn any_word(rng: &mut ChaCha8Rng) -> String {
    let mut letter = |of: &[u8]| char::from(*of.choose(rng).expect("there are letters"));
    let mut word = letter(b"BCDFGHJKLMNPRSTVW").to_string();
    for _ in 0..2 {
        word.push(letter(b"aeiou"));
        word.push(letter(b"bdfgklmnprstvz"));
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_differ_and_are_short_enough() {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let words: std::collections::BTreeSet<_> = (0..100).map(|_| any_word(&mut rng)).collect();
        assert!(words.len() > 95 && words.iter().all(|word| word.len() == 5));
    }
}
