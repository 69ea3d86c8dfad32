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
    /// Set when every statement is to be shown as it runs.
    pub sql_echo: Option<Echo>,
}

impl Config {
    /// Reads the settings of this process.
    ///
    /// # Errors
    ///
    /// As [`Config::load`]; and when the URL cannot be one of a database.
    pub fn from_env() -> Result<Self, ConfigError> {
        let config = Self::load(dotenv::variables(), &dotenv::path())?;
        // Nothing else checks the URL before it reaches the database's library, which might
        // print a wrong one, password included.
        check_url(&config.database_url)?;
        Ok(config)
    }

    /// Reads the settings from `variables`, which win, and from the file `dotenv`.
    ///
    /// # Errors
    ///
    /// Names the setting that is missing or wrong, and where to write it.
    pub fn load(
        variables: impl IntoIterator<Item = (String, String)>,
        dotenv: &Path,
    ) -> Result<Self, ConfigError> {
        // Task: Read the file, let the variables win, and name the setting that is missing or wrong.
        todo!("Read the file, let the variables win, and name the setting that is missing or wrong")
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Task: Show which settings there are, and no secret.
        todo!("Show which settings there are, and no secret")
    }
}

/// Why there are no settings.
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
