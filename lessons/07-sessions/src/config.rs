//! The app's settings: those of lesson 2, and the key that signs cookies.

use std::fmt;
use std::path::{Path, PathBuf};

use groundwork::dotenv;
use thiserror::Error;
use tower_sessions_cookie_store::Key;

/// A `Key` has 64 bytes: half to sign, half to encrypt.
pub const KEY_LENGTH: usize = 64;

/// The settings, read once, when the program starts.
#[derive(Clone)]
pub struct Config {
    /// Lesson 2's settings: where the database is, and whether its statements are echoed.
    pub settings: groundwork::Config,
    /// Signs cookies. With it, anyone can write any session.
    pub secret_key: Key,
}

impl Config {
    /// Reads the settings from `variables`, which take precedence, and from the file `dotenv`. An
    /// error names the setting that is missing or wrong, and says where to write a missing one and
    /// how to make a key.
    pub fn load(
        variables: impl IntoIterator<Item = (String, String)>,
        dotenv: &Path,
    ) -> Result<Self, ConfigError> {
        let variables: Vec<_> = variables.into_iter().collect();
        let settings = groundwork::Config::load(variables.clone(), dotenv)?;
        let mut all = dotenv::read(dotenv).map_err(groundwork::ConfigError::from)?;
        all.extend(variables);
        let text = all.get("SECRET_KEY").ok_or_else(|| ConfigError::NoKey { dotenv: dotenv.to_owned() })?;
        Ok(Self { settings, secret_key: secret_key(text)? })
    }
}

/// Makes the key from the text in `SECRET_KEY`.
fn secret_key(text: &str) -> Result<Key, ConfigError> {
    // Task: Reject a string of fewer than `KEY_LENGTH` bytes; otherwise make a key from it.
    todo!("Reject a string of fewer than `KEY_LENGTH` bytes; otherwise make a key from it")
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Config");
        shown.field("settings", &self.settings).field("secret_key", &"(secret)").finish()
    }
}

/// Why the settings could not be loaded.
#[derive(Debug, Error)]
pub enum ConfigError {
    #[error(transparent)]
    Settings(#[from] groundwork::ConfigError),
    #[error(
        "SECRET_KEY is not set. Make one with `openssl rand -hex 64`, and add a line SECRET_KEY=… to {}, \
         or set the variable in your shell.",
        dotenv.display()
    )]
    NoKey { dotenv: PathBuf },
    #[error(
        "SECRET_KEY has {bytes} bytes, and needs {KEY_LENGTH} or more. Make one with `openssl rand -hex 64`."
    )]
    ShortKey { bytes: usize },
}

impl ConfigError {
    /// The key itself is a secret; its length is not.
    pub fn short_key(text: &str) -> Self {
        Self::ShortKey { bytes: text.len() }
    }
}
