//! The app's settings: those of step 2, and the key that signs cookies.

use std::fmt;
use std::path::{Path, PathBuf};

use tower_sessions_cookie_store::Key;

use crate::connect::{ConnectError, check_url};
use crate::dotenv::{self, DotenvError};

/// What an echoed statement is given to.
pub type Echo = fn(&str);

/// A key is made of 64 bytes: half of them sign, half could encrypt. Fewer would be guessed sooner.
pub const KEY_LENGTH: usize = 64;

/// The settings, read once, when the program starts.
#[derive(Clone)]
pub struct Config {
    /// Holds the password of the database.
    pub database_url: String,
    /// Signs cookies. Who knows it can write any session.
    pub secret_key: Key,
    /// Set when every statement is to be shown as it runs.
    pub sql_echo: Option<Echo>,
}

impl Config {
    /// Reads the settings of this process.
    pub fn from_env() -> Result<Self, ConfigError> {
        let config = Self::load(dotenv::variables(), &dotenv::path())?;
        // Nobody else looks at the URL before it reaches the database's library, which might
        // repeat a wrong one aloud, password included.
        check_url(&config.database_url)?;
        Ok(config)
    }

    /// Reads the settings from `variables`, which win, and from the file `dotenv`.
    ///
    /// # Errors
    ///
    /// Names the setting that is missing or wrong, where to write it, and how to make one.
    pub fn load(
        variables: impl IntoIterator<Item = (String, String)>,
        dotenv: &Path,
    ) -> Result<Self, ConfigError> {
        let mut settings = dotenv::read(dotenv)?;
        settings.extend(variables);
        let mut take = |name| settings.remove(name).ok_or_else(|| ConfigError::missing(name, dotenv));
        let database_url = take("DATABASE_URL")?;
        let secret_key = secret_key(&take("SECRET_KEY")?)?;
        let sql_echo = match settings.get("SQL_ECHO").map(String::as_str) {
            None | Some("" | "0") => None,
            Some("1") => Some(to_stderr as Echo),
            Some(other) => return Err(ConfigError::not_a_switch("SQL_ECHO", other)),
        };
        Ok(Self { database_url, secret_key, sql_echo })
    }
}

/// The key made of the text in `SECRET_KEY`.
fn secret_key(text: &str) -> Result<Key, ConfigError> {
    // Task: Refuse a text of fewer than `KEY_LENGTH` bytes, and make a key of any other.
    match text.as_bytes() {
        short if short.len() < KEY_LENGTH => Err(ConfigError::short_key(text)),
        bytes => Ok(Key::from(bytes)),
    }
}

/// Where statements go when `SQL_ECHO=1`.
fn to_stderr(statement: &str) {
    eprintln!("{statement}");
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("database_url", &"(secret)")
            .field("secret_key", &"(secret)")
            .field("sql_echo", &self.sql_echo.is_some())
            .finish()
    }
}

/// Why there are no settings.
#[derive(Debug)]
pub enum ConfigError {
    Missing { name: &'static str, dotenv: PathBuf },
    NotASwitch { name: &'static str, value: String },
    ShortKey { bytes: usize },
    Dotenv(DotenvError),
    Url(ConnectError),
}

impl ConfigError {
    pub fn missing(name: &'static str, dotenv: &Path) -> Self {
        Self::Missing { name, dotenv: dotenv.to_owned() }
    }

    pub fn not_a_switch(name: &'static str, value: &str) -> Self {
        Self::NotASwitch { name, value: value.to_owned() }
    }

    /// The key itself is a secret; its length is not.
    pub fn short_key(text: &str) -> Self {
        Self::ShortKey { bytes: text.len() }
    }
}

impl From<DotenvError> for ConfigError {
    fn from(error: DotenvError) -> Self {
        Self::Dotenv(error)
    }
}

impl From<ConnectError> for ConfigError {
    fn from(error: ConnectError) -> Self {
        Self::Url(error)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { name: "SECRET_KEY", dotenv } => write!(
                f,
                "SECRET_KEY is not set. Make one with `openssl rand -hex 64`, and add a line SECRET_KEY=… to {}, \
                 or set the variable in your shell.",
                dotenv.display()
            ),
            Self::Missing { name, dotenv } => write!(
                f,
                "{name} is not set. Add a line {name}=… to {}, or set the variable in your shell; \
                 .env.example shows what it may hold.",
                dotenv.display()
            ),
            Self::NotASwitch { name, value } => write!(f, "{name} is {value:?}; set it to 1 or 0."),
            Self::ShortKey { bytes } => write!(
                f,
                "SECRET_KEY has {bytes} bytes, and needs {KEY_LENGTH} or more. Make one with `openssl rand -hex 64`."
            ),
            Self::Dotenv(error) => error.fmt(f),
            Self::Url(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ConfigError {}
