//! The app's settings: from the process's environment, or from the file `.env`.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use groundwork::{ConnectError, check_url};
use groundwork::dotenv::{self, DotenvError};

/// The names of the settings.
const DATABASE_URL: &str = "DATABASE_URL";
const SQL_ECHO: &str = "SQL_ECHO";

/// What an echoed statement is given to.
pub type Echo = fn(&str);

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
    /// Names the setting that is missing or wrong, and where to write it.
    pub fn load(
        variables: impl IntoIterator<Item = (String, String)>,
        dotenv: &Path,
    ) -> Result<Self, ConfigError> {
        // Task: Read the file, let the variables take precedence, and report a missing or invalid setting.
        let in_file = dotenv::read(dotenv)?;
        let in_process: HashMap<String, String> =
            variables.into_iter().filter(|(name, _)| name == DATABASE_URL || name == SQL_ECHO).collect();
        let setting =
            |name: &str| in_process.get(name).or_else(|| in_file.get(name)).map(|value| value.as_str());

        let sql_echo = match setting(SQL_ECHO).unwrap_or_default() {
            "1" => Some(to_stderr as Echo),
            "" | "0" => None,
            value => return Err(ConfigError::not_a_switch(SQL_ECHO, value)),
        };
        match setting(DATABASE_URL) {
            Some(url) => Ok(Self { database_url: url.to_owned(), sql_echo }),
            None => Err(ConfigError::missing(DATABASE_URL, dotenv)),
        }
    }
}

/// Where statements go when `SQL_ECHO=1`.
fn to_stderr(statement: &str) {
    eprintln!("{statement}");
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Task: Print the names of the settings, and no secret.
        /// What may be seen of the settings; shown by the derive.
        mod shown {
            #[derive(Debug)]
            pub struct Config {
                pub database_url: &'static str,
                pub sql_echo: bool,
            }
        }

        let shown = shown::Config { database_url: "(secret)", sql_echo: self.sql_echo.is_some() };
        fmt::Debug::fmt(&shown, f)
    }
}

/// Why there are no settings.
#[derive(Debug)]
pub enum ConfigError {
    Missing { name: &'static str, dotenv: PathBuf },
    NotASwitch { name: &'static str, value: String },
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
            Self::Missing { name, dotenv } => write!(
                f,
                "{name} is not set. Add a line {name}=… to {}, or set the variable in your shell; \
                 .env.example shows what it may hold.",
                dotenv.display()
            ),
            Self::NotASwitch { name, value } => write!(f, "{name} is {value:?}; set it to 1 or 0."),
            Self::Dotenv(error) => error.fmt(f),
            Self::Url(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ConfigError {}
