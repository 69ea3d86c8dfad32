//! The app's settings, read once, when it starts.

mod error;

use std::error::Error;
use std::fmt;
use std::net::{AddrParseError, IpAddr, SocketAddr};
use std::path::Path;

use groundwork::order_up::SecretKey;
use groundwork::{Echo, dotenv};
use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::business_day::BusinessDays;

pub use error::ConfigError;

#[derive(Clone)]
pub struct Config {
    /// Holds the password of the database.
    pub database_url: String,
    /// Signs the forms.
    pub secret_key: SecretKey,
    /// Where the app listens.
    pub address: SocketAddr,
    /// Set when cookies may travel without encryption to another machine.
    pub insecure_http: bool,
    /// The proxy or load balancer whose `X-Forwarded-For` header is trusted.
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
    /// Names the setting that is missing or invalid, where to write it, and what it may be.
    pub fn load(
        variables: impl IntoIterator<Item = (String, String)>,
        dotenv: &Path,
    ) -> Result<Self, ConfigError> {
        let variables: Vec<_> = variables.into_iter().collect();
        let given = groundwork::order_up::Config::load(variables.clone(), dotenv)?;
        let mut settings = dotenv::read(dotenv)?;
        settings.extend(variables);
        let optional = |name| settings.get(name).map(String::as_str).filter(|value| !value.is_empty());

        let time_zone = match optional("TIME_ZONE") {
            None => TimeZone::system(),
            Some(name) => TimeZone::get(name).map_err(|error| {
                invalid("TIME_ZONE", name, "name one as in America/New_York or Europe/Rome", error)
            })?,
        };
        let ends_at = optional("DAY_ENDS_AT").unwrap_or("04:00");
        let ends_at = Time::strptime("%H:%M", ends_at)
            .map_err(|error| invalid("DAY_ENDS_AT", ends_at, "write it like 04:00", error))?;
        let proxy = optional("PROXY").map(|proxy| {
            let advice = "write the proxy's address like 10.0.0.2";
            proxy.parse().map_err(|error: AddrParseError| invalid("PROXY", proxy, advice, error))
        });
        Ok(Self {
            database_url: given.settings.database_url,
            secret_key: given.secret_key,
            address: given.address,
            insecure_http: switch("INSECURE_HTTP", optional("INSECURE_HTTP"))?,
            proxy: proxy.transpose()?,
            business_days: BusinessDays { time_zone, ends_at },
            sql_echo: given.settings.sql_echo,
        })
    }

    /// Whether browsers send cookies back over HTTPS only: always, except on this machine itself, and
    /// where somebody has allowed them to travel without encryption.
    pub fn secure_cookies(&self) -> bool {
        let stays_here = self.address.ip().is_loopback() && self.proxy.is_none();
        !self.insecure_http && !stays_here
    }
}

fn switch(name: &'static str, value: Option<&str>) -> Result<bool, ConfigError> {
    match value {
        None | Some("0") => Ok(false),
        Some("1") => Ok(true),
        Some(other) => {
            let (value, advice) = (other.to_owned(), "set it to 1 or 0");
            Err(ConfigError::Invalid { name, value, advice, source: None })
        }
    }
}

fn invalid(
    name: &'static str,
    value: &str,
    advice: &'static str,
    source: impl Error + Send + Sync + 'static,
) -> ConfigError {
    ConfigError::Invalid { name, value: value.to_owned(), advice, source: Some(source.into()) }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("database_url", &"(secret)")
            .field("secret_key", &self.secret_key)
            .field("address", &self.address)
            .field("insecure_http", &self.insecure_http)
            .field("proxy", &self.proxy)
            .field("business_days", &self.business_days)
            .field("sql_echo", &self.sql_echo.is_some())
            .finish()
    }
}
