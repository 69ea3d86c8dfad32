//! The key that signs the forms.

use std::fmt;

/// Anyone who knows the secret key can send forms in anybody's name, so it is never printed.
#[derive(Clone)]
pub struct SecretKey(String);

impl SecretKey {
    /// The key has at least this many bytes. A shorter one would be guessed sooner.
    pub const MIN_BYTES: usize = 64;

    /// A key made of this text, or `None` if it is too short.
    pub fn new(text: String) -> Option<Self> {
        (text.len() >= Self::MIN_BYTES).then_some(Self(text))
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"(secret)\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_measured_in_bytes() {
        for (text, is_long) in [("a".repeat(64), true), ("a".repeat(63), false), ("ä".repeat(32), true)] {
            let key = SecretKey::new(text.clone());
            assert_eq!(key.map(|key| key.as_bytes().to_vec()), is_long.then(|| text.into_bytes()));
        }
    }

    #[test]
    fn a_key_is_never_printed() {
        let key = SecretKey::new("Rosebud.".repeat(8)).expect("it is long enough");
        assert_eq!(format!("{key:?}"), "\"(secret)\"");
    }
}
