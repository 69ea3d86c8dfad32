//! Random text from the operating system.

use super::hex;

/// How many random bytes a text stands for; each takes two characters.
pub const RANDOM_BYTES: usize = 16;

/// Text that nobody can guess.
///
/// # Panics
///
/// When the operating system has no random numbers: then nothing here is safe.
pub fn random_text() -> String {
    let mut random = [0; RANDOM_BYTES];
    getrandom::fill(&mut random).expect("the operating system has random numbers");
    hex::encode(&random)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_texts_differ_and_have_the_same_length() {
        let (one, other) = (random_text(), random_text());
        assert_ne!(one, other);
        assert_eq!([one.len(), other.len()], [2 * RANDOM_BYTES; 2]);
    }
}
