//! Passwords are stored as Argon2 hashes, which take time and memory to compute, also for who has
//! stolen the table.

use std::sync::Arc;
use std::thread::available_parallelism;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// What everybody knows who has read the README: good for a first look on this machine, and for
/// nothing else.
pub const DEMO_PASSWORD: &str = "password";

/// A new password has at least this many characters, and not so many that hashing it is an attack.
pub const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 8..=200;

/// The hash of `password`, with a salt of its own, as a PHC string.
///
/// # Errors
///
/// When the operating system has no random numbers.
pub fn hash(password: &str) -> Result<String, argon2::password_hash::Error> {
    Ok(Argon2::default().hash_password(password.as_bytes())?.to_string())
}

/// Hashes on threads that may take their time, and no more at once than there are processors: each
/// takes 19 MiB, and a crowd that signs in must not starve those who work.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// Compared with when there is no such employee, so that an answer takes as long as for one
    /// there is.
    nobody: Arc<str>,
}

impl Passwords {
    /// # Errors
    ///
    /// When the operating system has no random numbers.
    pub fn new() -> Result<Self, argon2::password_hash::Error> {
        let turns = available_parallelism().map_or(1, usize::from);
        Ok(Self { turns: Arc::new(Semaphore::new(turns)), nobody: hash("nobody's password")?.into() })
    }

    /// The hash of `password`.
    ///
    /// # Errors
    ///
    /// When the operating system has no random numbers.
    pub async fn hash(&self, password: String) -> Result<String, argon2::password_hash::Error> {
        self.in_turn(move || hash(&password)).await
    }

    /// Whether `password` is the one that was hashed. Without a hash it is not, and takes as long.
    pub async fn fits(&self, password: String, hashed: Option<String>) -> bool {
        let is_known = hashed.is_some();
        let hashed = hashed.unwrap_or_else(|| self.nobody.to_string());
        let fits = move || {
            PasswordHash::new(&hashed)
                .is_ok_and(|hashed| Argon2::default().verify_password(password.as_bytes(), &hashed).is_ok())
        };
        self.in_turn(fits).await && is_known
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        // Nobody closes this semaphore, so a turn always comes.
        let _turn = self.turns.acquire().await;
        match spawn_blocking(work).await {
            Ok(done) => done,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}
