//! The seal that a gate's process puts on what the gate saw, for whoever grades it.
//!
//! A student's code runs in the same process. It can write the gate's snapshot, print what libtest prints, and end
//! the process with 0. What it cannot do is seal: the key comes over standard input, the first fixture that a gate
//! uses reads it to its end, and it stays in a variable that no other crate can name.
//! `scripts/grade/README.md` says what this is worth.

use std::path::PathBuf;
use std::sync::LazyLock;

use gate_contract::seal;

struct Seal {
    key: String,
    seed: u64,
    file: PathBuf,
}

static SEAL: LazyLock<Option<Seal>> = LazyLock::new(|| {
    let file = std::env::var_os(seal::VARIABLE)?.into();
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
    std::fs::write(file, seal::of(key, text))
        // The folder's name is drawn for each run, and would make each verdict another.
        .unwrap_or_else(|error| panic!("cannot write the seal: {error}"));
}
