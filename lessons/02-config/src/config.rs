//! The app's settings: from the process's environment, or from the file `.env`.

use std::fmt;
use std::path::{Path, PathBuf};

use thiserror::Error;

use groundwork::dotenv::{self, DotenvError};
use groundwork::echo::{Echo, to_stderr};
use groundwork::{ConnectError, check_url};

/// The settings, read once, when the program starts.
#[derive(Clone)]
pub struct Config {
    /// Holds the password of the database.
    pub database_url: String,
    /// Receives every statement as it runs, if set.
    pub sql_echo: Option<Echo>,
}

impl Config {
    /// Reads the settings of this process.
    ///
    /// # Errors
    ///
    /// The errors of [`Config::load`], and an error if the URL is not a database URL.
    pub fn from_env() -> Result<Self, ConfigError> {
        let config = Self::load(dotenv::variables(), &dotenv::path())?;
        // Without this check, a malformed URL would reach the database's library, which may print
        // it with the password.
        check_url(&config.database_url)?;
        Ok(config)
    }

    /// Reads the settings from `variables`, which take precedence, and from the file `dotenv`.
    ///
    /// # Errors
    ///
    /// The error names the setting that is missing, and where to write it, or the one that is wrong.
    pub fn load(
        variables: impl IntoIterator<Item = (String, String)>,
        dotenv: &Path,
    ) -> Result<Self, ConfigError> {
        // Task: Read the file, let the variables take precedence, and report a missing or invalid setting.
        todo!("Read the file, let the variables take precedence, and report a missing or invalid setting")
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Task: Print the names of the settings, and no secret.
        todo!("Print the names of the settings, and no secret")
    }
}

/// Why the settings could not be loaded.
#[derive(Debug, Error)]
pub enum ConfigError {
    #[error(
        "{name} is not set. Add a line {name}=… to {}, or set the variable in your shell; \
         .env.example shows what it may hold.",
        dotenv.display()
    )]
    Missing { name: &'static str, dotenv: PathBuf },
    #[error("{name} is {value:?}; set it to 1 or 0.")]
    NotASwitch { name: &'static str, value: String },
    #[error(transparent)]
    Dotenv(#[from] DotenvError),
    #[error(transparent)]
    Url(#[from] ConnectError),
}

impl ConfigError {
    pub fn missing(name: &'static str, dotenv: &Path) -> Self {
        Self::Missing { name, dotenv: dotenv.to_owned() }
    }

    pub fn not_a_switch(name: &'static str, value: &str) -> Self {
        Self::NotASwitch { name, value: value.to_owned() }
    }
}
