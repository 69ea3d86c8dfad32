//! The seal that a gate's process puts on what the gate saw, for whoever grades it.
//!
//! A student's code runs in the same process. It can write the gate's snapshot, print what libtest prints, and end
//! the process with 0. What it cannot do is seal: the key comes over standard input, the first fixture that a gate
//! uses reads it to its end, and it stays in a variable that no other crate can name.
//! `scripts/grade/README.md` says what this is worth.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The variable that names the file for the seal. Without it, nothing is read and nothing is sealed.
pub const VARIABLE: &str = "KATA_SEAL";

/// What goes to standard input: the key, and the seed. Whoever knows the seed knows what is drawn, so it is in no
/// variable, either.
pub fn input(key: &str, seed: u64) -> String {
    format!("{key}\n{seed}\n")
}

/// The seal on `text` with this key.
pub fn of(key: &str, text: &str) -> String {
    let mut seal = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("a key of any length will do");
    seal.update(text.trim_end().as_bytes());
    seal.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(feature = "fixtures")]
pub(crate) use process::{seal, seed, take_key};

#[cfg(feature = "fixtures")]
mod process {
    use std::path::PathBuf;
    use std::sync::LazyLock;

    struct Seal {
        key: String,
        seed: u64,
        file: PathBuf,
    }

    static SEAL: LazyLock<Option<Seal>> = LazyLock::new(|| {
        let file = std::env::var_os(super::VARIABLE)?.into();
        let input = std::io::read_to_string(std::io::stdin());
        let input = input.unwrap_or_else(|error| panic!("there is no key for the seal: {error}"));
        let (key, seed) = input.trim_end().split_once('\n').expect("the seed comes after the key");
        let seed = seed.parse().expect("the seed is a number");
        Some(Seal { key: key.to_owned(), seed, file })
    });

    /// Takes the key, if there is one. Each fixture with which a gate can begin does this before it does anything
    /// else, so that no student's code is called before it is done.
    pub fn take_key() {
        LazyLock::force(&SEAL);
    }

    /// The seed, if one came with the key.
    pub fn seed() -> Option<u64> {
        SEAL.as_ref().map(|seal| seal.seed)
    }

    /// Seals `text`, if there is a key.
    ///
    /// # Panics
    ///
    /// When it cannot be written down: then the gate has failed, and nobody is accused.
    pub fn seal(text: &str) {
        let Some(Seal { key, file, .. }) = &*SEAL else { return };
        std::fs::write(file, super::of(key, text))
            .unwrap_or_else(|error| panic!("cannot write {}: {error}", file.display()));
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn another_key_or_text_is_another_seal() {
        let seal = of("key", "what was seen\n");
        assert_eq!(seal, of("key", "what was seen"));
        assert_ne!(seal, of("another key", "what was seen"));
        assert_ne!(seal, of("key", "what was not seen"));
    }
}
