//! Passwords are stored as Argon2 hashes, which take time and memory to compute, even for somebody who has stolen the
//! table.

use std::collections::HashMap;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// The operating system has no random numbers for a salt.
pub use argon2::password_hash::Error as HashError;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::oneshot;

/// Everybody who has read the README knows this password. It is good for a first look on this machine,
/// and for nothing else.
pub const DEMO_PASSWORD: &str = "password";

/// How often each password was verified since [`practice`] was called, whether it matched or not.
static PRACTICE: Mutex<Option<HashMap<String, usize>>> = Mutex::new(None);

/// For tests: from now on this process hashes as cheaply as Argon2 can, and counts what is verified.
pub fn practice() {
    PRACTICE.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default();
}

/// How often `password` was verified since [`practice`] was called, whether it matched or not, and also where there
/// was no hash to verify.
pub fn checks(password: &str) -> usize {
    let practice = PRACTICE.lock().unwrap_or_else(PoisonError::into_inner);
    practice.as_ref().and_then(|counts| counts.get(password)).copied().unwrap_or(0)
}

/// Argon2id with 7 MiB and 5 passes. The OWASP Password Storage Cheat Sheet considers it as strong as
/// 19 MiB and 2 passes; it takes as long, and needs less of a small computer's memory.
fn argon2() -> Argon2<'static> {
    let is_practice = PRACTICE.lock().unwrap_or_else(PoisonError::into_inner).is_some();
    let (memory, passes) = if is_practice { (Params::MIN_M_COST, Params::MIN_T_COST) } else { (7 * 1024, 5) };
    let params = Params::new(memory, passes, 1, None).expect("Argon2 takes these");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The hash of `password`, with a salt of its own, as a PHC string.
///
/// # Errors
///
/// When the operating system has no random numbers.
pub fn hash(password: &str) -> Result<String, HashError> {
    Ok(argon2().hash_password(password.as_bytes())?.to_string())
}

/// A hash that takes as long to verify as any other, and that no password matches.
fn dummy_hash() -> String {
    // 16 and 32 bytes, as in the others.
    let (salt, output) = ("A".repeat(22), "A".repeat(43));
    let text = format!("$argon2id$v=19${}${salt}${output}", argon2().params());
    PasswordHash::new(&text).expect("this is how a hash is written").to_string()
}

/// Hashes one password after the other, on a thread of its own, so that many people who sign in do not
/// slow down those who work. About forty a second are enough for a restaurant, and a second thread
/// would need the memory for hashing a second time.
#[derive(Clone)]
pub struct Passwords {
    work: Sender<Work>,
    /// Verified when there is no such employee, so that the response takes as long as for an employee who exists.
    dummy_hash: Arc<str>,
}

type Work = Box<dyn FnOnce() + Send>;

impl Passwords {
    /// Starts the thread.
    pub fn start() -> Self {
        let (work, waiting) = channel::<Work>();
        // The thread ends with the last handle to the other end.
        thread::spawn(move || waiting.into_iter().for_each(|work| work()));
        Self { work, dummy_hash: dummy_hash().into() }
    }

    /// The hash of `password`.
    ///
    /// # Errors
    ///
    /// When the operating system has no random numbers.
    pub async fn hash(&self, password: String) -> Result<String, HashError> {
        self.in_turn(move || hash(&password)).await
    }

    /// Whether `password` matches the hash. Without a hash the result is `false`, after the same time.
    pub async fn verify(&self, password: String, hashed: Option<String>) -> bool {
        if let Some(counts) = &mut *PRACTICE.lock().unwrap_or_else(PoisonError::into_inner) {
            *counts.entry(password.clone()).or_default() += 1;
        }
        let is_known = hashed.is_some();
        let hashed = hashed.unwrap_or_else(|| self.dummy_hash.to_string());
        let verify = move || {
            PasswordHash::new(&hashed)
                .is_ok_and(|hashed| argon2().verify_password(password.as_bytes(), &hashed).is_ok())
        };
        self.in_turn(verify).await && is_known
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let (done, result) = oneshot::channel();
        let work = move || {
            // Nobody is waiting if the browser has closed the connection.
            if !done.is_closed() {
                let _ = done.send(work());
            }
        };
        self.work.send(Box::new(work)).expect("the thread works as long as there is a handle to it");
        result.await.expect("hashing does not panic")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn a_password_matches_its_own_hash_and_every_check_is_counted() {
        practice();
        let passwords = Passwords::start();
        let hashed = passwords.hash("orange juice".to_owned()).await.unwrap();
        assert!(hashed.starts_with("$argon2id$"), "{hashed}");
        assert!(passwords.verify("orange juice".to_owned(), Some(hashed.clone())).await);
        assert!(!passwords.verify("apple juice".to_owned(), Some(hashed)).await);
        assert!(!passwords.verify("orange juice".to_owned(), None).await);
        assert_eq!((checks("orange juice"), checks("apple juice"), checks("milk")), (2, 1, 0));
    }

    #[tokio::test]
    async fn nothing_is_hashed_for_browsers_that_have_disconnected() {
        let passwords = Passwords::start();
        let (go_on, busy) = channel::<()>();
        let first = passwords.clone();
        let first = tokio::spawn(async move { first.in_turn(move || busy.recv()).await });
        tokio::task::yield_now().await;
        let begun = Arc::new(Mutex::new(0));
        for _ in 0..300 {
            let begun = Arc::clone(&begun);
            let work = passwords.in_turn(move || *begun.lock().expect("nobody panics") += 1);
            // It is asked once, and then given up.
            assert!(timeout(Duration::ZERO, work).await.is_err());
        }
        go_on.send(()).expect("the thread waits for it");
        assert!(first.await.is_ok_and(|heard| heard.is_ok()));
        passwords.in_turn(|| ()).await;
        assert_eq!(*begun.lock().expect("nobody panics"), 0);
    }
}
