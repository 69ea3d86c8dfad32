//! The seal on what a gate saw: what is sealed, and with what. The gate's process takes the key and seals; whoever
//! started it compares. `scripts/grade/README.md` says what this is worth.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The variable that names the file for the seal. Without it, nothing is read and nothing is sealed.
pub const VARIABLE: &str = "KATA_SEAL";

/// What goes to standard input: the key, and the seed. The seed gives away what is drawn, so it is not in a variable
/// either.
pub fn input(key: &str, seed: u64) -> String {
    format!("{key}\n{seed}\n")
}

/// The seal on `text` with this key.
pub fn of(key: &str, text: &str) -> String {
    let mut seal = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("a key of any length will do");
    seal.update(text.trim_end().as_bytes());
    seal.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn a_different_key_or_text_gives_a_different_seal() {
        let seal = of("key", "what was seen\n");
        assert_eq!(seal, of("key", "what was seen"));
        assert_ne!(seal, of("another key", "what was seen"));
        assert_ne!(seal, of("key", "what was not seen"));
    }
}
