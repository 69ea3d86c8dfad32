//! The app's settings, read once, when it starts.

mod error;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::str::FromStr;

use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::business_day::BusinessDays;
use groundwork::dotenv;

pub use error::ConfigError;

/// What an echoed statement is given to.
pub type Echo = fn(&str);

/// The secret key has at least this many bytes. Fewer would be guessed sooner.
pub const KEY_LENGTH: usize = 64;

#[derive(Clone)]
pub struct Config {
    /// Holds the password of the database.
    pub database_url: String,
    /// Signs the forms. Who knows it can send them in anybody's name.
    pub secret_key: String,
    /// Where the app listens.
    pub address: SocketAddr,
    /// Set when cookies may travel without encryption to another machine.
    pub insecure_http: bool,
    /// The proxy or load balancer that is believed when it says who asks.
    pub proxy: Option<IpAddr>,
    pub business_days: BusinessDays,
    /// Set when every statement is to be shown as it runs.
    pub sql_echo: Option<Echo>,
}

impl Config {
    /// Reads the settings from `variables`, which win, and from the file `dotenv`.
    ///
    /// # Errors
    ///
    /// Names the setting that is missing or wrong, where to write it, and what it may be.
    pub fn load(
        variables: impl IntoIterator<Item = (String, String)>,
        dotenv: &Path,
    ) -> Result<Self, ConfigError> {
        let mut settings = dotenv::read(dotenv)?;
        settings.extend(variables);
        let required = |name| settings.get(name).cloned().ok_or_else(|| ConfigError::missing(name, dotenv));
        let optional = |name| settings.get(name).map(String::as_str).filter(|value| !value.is_empty());

        let secret_key = required("SECRET_KEY")?;
        if secret_key.len() < KEY_LENGTH {
            return Err(ConfigError::ShortKey { bytes: secret_key.len(), dotenv: dotenv.to_owned() });
        }
        let time_zone = match optional("TIME_ZONE") {
            None => TimeZone::system(),
            Some(name) => TimeZone::get(name).map_err(|_| {
                ConfigError::wrong("TIME_ZONE", name, "name one as in America/New_York or Europe/Rome")
            })?,
        };
        let ends_at = optional("DAY_ENDS_AT").unwrap_or("04:00");
        let ends_at = Time::strptime("%H:%M", ends_at)
            .map_err(|_| ConfigError::wrong("DAY_ENDS_AT", ends_at, "write it like 04:00"))?;
        let address = optional("ADDRESS").unwrap_or("127.0.0.1:8000");
        Ok(Self {
            database_url: required("DATABASE_URL")?,
            secret_key,
            address: parse(
                "ADDRESS",
                address,
                "write it like 127.0.0.1:8000, or 0.0.0.0:8000 for the network",
            )?,
            insecure_http: switch("INSECURE_HTTP", optional("INSECURE_HTTP"))?,
            proxy: match optional("PROXY") {
                None => None,
                Some(proxy) => Some(parse("PROXY", proxy, "write the proxy's address like 10.0.0.2")?),
            },
            business_days: BusinessDays { time_zone, ends_at },
            sql_echo: switch("SQL_ECHO", optional("SQL_ECHO"))?.then_some(to_stderr as Echo),
        })
    }

    /// Whether cookies are sent back over HTTPS alone: always, but on this machine itself, and where
    /// somebody has said that they need not be.
    pub fn secure_cookies(&self) -> bool {
        let stays_here = self.address.ip().is_loopback() && self.proxy.is_none();
        !self.insecure_http && !stays_here
    }
}

fn parse<T: FromStr>(name: &'static str, text: &str, advice: &'static str) -> Result<T, ConfigError> {
    text.parse().map_err(|_| ConfigError::wrong(name, text, advice))
}

fn switch(name: &'static str, value: Option<&str>) -> Result<bool, ConfigError> {
    match value {
        None | Some("0") => Ok(false),
        Some("1") => Ok(true),
        Some(other) => Err(ConfigError::wrong(name, other, "set it to 1 or 0")),
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
            .field("address", &self.address)
            .field("insecure_http", &self.insecure_http)
            .field("proxy", &self.proxy)
            .field("business_days", &self.business_days)
            .field("sql_echo", &self.sql_echo.is_some())
            .finish()
    }
}
