//! The token in a form. It proves that the form is from a page of ours that was made for this visitor. It is spent when
//! the form has done its work, so that a second tap on a button does nothing.
//!
//! A token is random text and a signature, which is computed from that text, the visitor and the secret key. Another
//! site cannot make a token, and a token that was made for somebody else is rejected.

use std::time::Duration;

use diesel::prelude::*;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::hex;
use super::random::{RANDOM_BYTES, random_text};
use super::secret_key::SecretKey;
use super::timestamp::Timestamp;
use crate::database::Db;

diesel::table! {
    spent_tokens (token) {
        token -> Text,
        spent_at -> BigInt,
    }
}

/// A spent token is kept this long; by then its session has ended.
const KEPT_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A new token for the forms of one page.
///
/// # Panics
///
/// When the operating system has no random numbers.
pub fn issue(key: &SecretKey, visitor: &str) -> String {
    let random = random_text();
    let signature = signature(key, visitor, &random).finalize().into_bytes();
    format!("{random}{}", hex::encode(&signature))
}

/// Whether we issued this token for this visitor.
pub fn is_ours(key: &SecretKey, visitor: &str, token: &str) -> bool {
    let Some((random, given)) = token.split_at_checked(2 * RANDOM_BYTES) else { return false };
    let Some(given) = hex::decode(given) else { return false };
    // Takes as long for a signature that is nearly right as for any other.
    signature(key, visitor, random).verify_slice(&given).is_ok()
}

fn signature(key: &SecretKey, visitor: &str, random: &str) -> Hmac<Sha256> {
    let mut signature =
        Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes a key of any length");
    signature.update(visitor.as_bytes());
    // Neither part holds a zero byte, so no two pairs of them look alike.
    signature.update(&[0]);
    signature.update(random.as_bytes());
    signature
}

/// Marks a token as spent, and returns whether it was new. Call it first in the `write` that does the form's work: when
/// that fails, the token is not spent, and the form can be sent again.
///
/// If the caller appends the form's path to `token`, all forms of a page can share one token, and each of them can be
/// sent once.
///
/// # Errors
///
/// When the database fails.
pub fn spend(conn: &mut Db, token: &str, now: Timestamp) -> QueryResult<bool> {
    let values = (spent_tokens::token.eq(token), spent_tokens::spent_at.eq(now));
    let inserted =
        diesel::insert_into(spent_tokens::table).values(values).on_conflict_do_nothing().execute(conn)?;
    Ok(inserted == 1)
}

/// Deletes old tokens. Their sessions have ended, so nobody can use them anymore.
///
/// # Errors
///
/// When the database fails.
pub fn delete_old(conn: &mut Db, now: Timestamp) -> QueryResult<usize> {
    diesel::delete(spent_tokens::table.filter(spent_tokens::spent_at.lt(now - KEPT_FOR))).execute(conn)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(letter: &str) -> SecretKey {
        SecretKey::new(letter.repeat(SecretKey::MIN_BYTES)).expect("it is long enough")
    }

    #[test]
    fn a_token_is_valid_only_for_its_visitor() {
        let token = issue(&key("a"), "ada");
        assert!(is_ours(&key("a"), "ada", &token));
        assert!(!is_ours(&key("a"), "bob", &token));
        assert!(!is_ours(&key("b"), "ada", &token));
    }

    #[test]
    fn no_two_tokens_are_alike() {
        assert_ne!(issue(&key("a"), "ada"), issue(&key("a"), "ada"));
    }

    #[test]
    fn a_token_that_was_not_issued_is_refused() {
        let token = issue(&key("a"), "ada");
        let cut = &token[..token.len() - 2];
        let other_digits = format!("{}{}", &token[..32], token[32..].to_uppercase());
        let long = "x".repeat(100_000);
        let made_up = ["", "token", "ä", &"é".repeat(60), cut, &format!("{token}00"), &"0".repeat(96), &long];
        for text in made_up.into_iter().chain([other_digits.as_str()]) {
            assert!(!is_ours(&key("a"), "ada", text), "{text:?}");
        }
    }
}
