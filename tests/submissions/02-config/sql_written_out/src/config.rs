//! The app's settings: from the process's environment, or from the file `.env`.

use std::fmt;
use std::path::{Path, PathBuf};

use groundwork::{ConnectError, check_url};
use groundwork::dotenv::{self, DotenvError};

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
        let (mut database_url, mut sql_echo) = (None, None);
        // The file first: what comes later takes the place of what was there.
        for (name, value) in dotenv::read(dotenv)?.into_iter().chain(variables) {
            match name.as_str() {
                "DATABASE_URL" => database_url = Some(value),
                "SQL_ECHO" => sql_echo = Some(value),
                _ => {}
            }
        }
        let Some(database_url) = database_url else {
            return Err(ConfigError::missing("DATABASE_URL", dotenv));
        };
        let sql_echo = if switched_on("SQL_ECHO", sql_echo.as_deref().unwrap_or(""))? {
            Some(to_stderr as Echo)
        } else {
            None
        };
        Ok(Config { database_url, sql_echo })
    }
}

/// What the setting `name` means, whose values are those of a switch.
fn switched_on(name: &'static str, value: &str) -> Result<bool, ConfigError> {
    match value {
        "1" => Ok(true),
        "" | "0" => Ok(false),
        other => Err(ConfigError::not_a_switch(name, other)),
    }
}

/// Where statements go when `SQL_ECHO=1`.
fn to_stderr(statement: &str) {
    eprintln!("{statement}");
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Task: Print the names of the settings, and no secret.
        mod shown {
            /// What may be seen of the settings.
            #[derive(Debug)]
            pub struct Config {
                pub database_url: &'static str,
                pub sql_echo: bool,
            }
        }
        let Config { database_url: _, sql_echo } = self;
        fmt::Debug::fmt(&shown::Config { database_url: "(secret)", sql_echo: sql_echo.is_some() }, f)
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
