//! The settings of an Order Up: those of lesson 2, the key of lesson 7, and where to listen.

use std::fmt;
use std::net::{AddrParseError, SocketAddr};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::random::random_text;
use super::secret_key::SecretKey;
use crate::dotenv;

/// The settings, read once, when the program starts.
#[derive(Clone)]
pub struct Config {
    /// Where the database is, and whether its statements are echoed: what `Pool::new` takes.
    pub settings: crate::Config,
    /// Signs the forms.
    pub secret_key: SecretKey,
    /// Where the app listens.
    pub address: SocketAddr,
}

impl Config {
    /// Reads the settings from `variables`, which win, and from the file `dotenv`.
    ///
    /// # Errors
    ///
    /// Names the setting that is missing or wrong, and where to write it.
    pub fn load(
        variables: impl IntoIterator<Item = (String, String)>,
        dotenv: &Path,
    ) -> Result<Self, ConfigError> {
        let variables: Vec<_> = variables.into_iter().collect();
        let settings = crate::Config::load(variables.clone(), dotenv)?;
        let mut all = dotenv::read(dotenv).map_err(crate::ConfigError::from)?;
        all.extend(variables);
        let key = all.remove("SECRET_KEY").ok_or_else(|| ConfigError::NoKey { dotenv: dotenv.to_owned() })?;
        let bytes = key.len();
        let address = all.remove("ADDRESS").unwrap_or_else(|| "127.0.0.1:8000".to_owned());
        Ok(Self {
            settings,
            secret_key: SecretKey::new(key).ok_or(ConfigError::ShortKey { bytes })?,
            address: address.parse().map_err(|source| ConfigError::BadAddress { address, source })?,
        })
    }

    /// The settings of a program on a developer's machine. On SQLite it has the file `<program>.db` at the top of the
    /// workspace, unless the shell sets `DATABASE_URL`: the one in `.env` is the bookshop's. Where there is no
    /// `SECRET_KEY`, this makes one and writes it to `.env`.
    ///
    /// # Errors
    ///
    /// As [`Config::load`]; and when the URL cannot be one of a database, or `.env` cannot be written.
    pub fn for_development(program: &str) -> Result<Self, ConfigError> {
        let file = dotenv::path();
        let known = dotenv::read(&file).map_err(crate::ConfigError::from)?;
        if !known.contains_key("SECRET_KEY") && std::env::var_os("SECRET_KEY").is_none() {
            let key: String = (0..4).map(|_| random_text()).collect();
            dotenv::append(&file, "SECRET_KEY", &key)
                .map_err(|source| ConfigError::NotWritten { dotenv: file.clone(), source })?;
        }
        let variables = default_database(program, &file).into_iter().chain(dotenv::variables());
        let config = Self::load(variables, &file)?;
        // As lesson 2's `from_env` does: the database's library might print a wrong URL, password included.
        crate::check_url(&config.settings.database_url).map_err(crate::ConfigError::from)?;
        Ok(config)
    }
}

/// Of a name that comes twice the last counts, so the shell's wins.
#[cfg(not(feature = "postgres"))]
fn default_database(program: &str, dotenv: &Path) -> Option<(String, String)> {
    let file = dotenv.with_file_name(format!("{program}.db"));
    Some(("DATABASE_URL".to_owned(), format!("sqlite://{}", file.display())))
}

/// A server has no database that nobody has named.
#[cfg(feature = "postgres")]
fn default_database(_program: &str, _dotenv: &Path) -> Option<(String, String)> {
    None
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("settings", &self.settings)
            .field("secret_key", &self.secret_key)
            .field("address", &self.address)
            .finish()
    }
}

/// Why there are no settings.
#[derive(Debug, Error)]
pub enum ConfigError {
    #[error(transparent)]
    Settings(#[from] crate::ConfigError),
    #[error(
        "SECRET_KEY is not set. Make one with `openssl rand -hex 64`, and add a line SECRET_KEY=… to {}, \
         or set the variable in your shell.",
        dotenv.display()
    )]
    NoKey { dotenv: PathBuf },
    #[error(
        "SECRET_KEY has {bytes} bytes, and needs {} or more. Make one with `openssl rand -hex 64`.",
        SecretKey::MIN_BYTES
    )]
    ShortKey { bytes: usize },
    #[error("ADDRESS is {address:?}; write it like 127.0.0.1:8000.")]
    BadAddress { address: String, source: AddrParseError },
    #[error("cannot write a SECRET_KEY to {}: {source}.", dotenv.display())]
    NotWritten { dotenv: PathBuf, source: std::io::Error },
}
