//! Passwords, random numbers, and the signature on forms.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Hexadecimal digits of the random part of a token.
const RANDOM: usize = 32;

/// What is asked when nobody has the number, so that the answer takes as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_password("nobody's"));

pub fn hash_password(password: &str) -> String {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.expect("the parameters are argon2's own").to_string()
}

pub fn fits(password: &str, secret: Option<&str>) -> bool {
    let hash = PasswordHash::new(secret.unwrap_or(&NOBODY));
    let fits = hash.is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    fits && secret.is_some()
}

/// Makes the first wrong number as slow as the second.
pub fn warm_up() {
    LazyLock::force(&NOBODY);
}

pub fn random_hex(bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    getrandom::fill(&mut buffer).expect("the system has random numbers");
    hex(&buffer)
}

pub fn fingerprint(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn signature(key: &str, visitor: &str, random: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("a key may have any length");
    mac.update(format!("form {visitor} {random}").as_bytes());
    mac
}

/// A token for the forms of one page of one visitor.
pub fn issue(key: &str, visitor: &str) -> String {
    let random = random_hex(RANDOM / 2);
    let signature = hex(&signature(key, visitor, &random).finalize().into_bytes());
    random + &signature
}

pub fn is_ours(key: &str, visitor: &str, token: &str) -> bool {
    let Some((random, signed)) = token.split_at_checked(RANDOM) else { return false };
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let signed: Option<Vec<_>> = signed.as_bytes().chunks(2).map(byte).collect();
    // Lower case only, so that a token has one spelling and is spent once.
    let is_plain = token.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_plain && signed.is_some_and(|it| signature(key, visitor, random).verify_slice(&it).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens() {
        let token = issue("key", "ada");
        assert!(is_ours("key", "ada", &token));
        assert!(!is_ours("key", "bob", &token));
        assert!(!is_ours("other", "ada", &token));
        assert!(!is_ours("key", "ada", &token.to_uppercase()));
        assert!(!is_ours("key", "ada", ""));
        assert!(!is_ours("key", "ada", &token[..token.len() - 1]));
    }

    #[test]
    fn passwords() {
        let secret = hash_password("gumbo");
        assert!(fits("gumbo", Some(&secret)));
        assert!(!fits("okra", Some(&secret)));
        assert!(!fits("nobody's", None));
    }
}
