//! The app's settings, read once, when it starts.

mod error;
mod house;

use std::error::Error;
use std::fmt;
use std::net::{AddrParseError, IpAddr, SocketAddr};
use std::path::Path;

use axum::http::uri::Authority;
use groundwork::order_up::SecretKey;
use groundwork::{Echo, dotenv};
use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::business_day::BusinessDays;
use crate::house::House;
use crate::price_format::PriceFormat;

pub use error::ConfigError;

#[derive(Clone)]
pub struct Config {
    /// Holds the password of the database.
    pub database_url: String,
    /// Signs the forms.
    pub secret_key: SecretKey,
    /// Where the app listens.
    pub address: SocketAddr,
    /// Set when cookies may be sent without encryption to another machine.
    pub insecure_http: bool,
    /// The proxy or load balancer whose `X-Forwarded-For` header is trusted.
    pub proxy: Option<IpAddr>,
    /// The site that browsers see, as in `https://orders.example.com`, where a proxy hides it from the app.
    pub origin: Option<String>,
    pub business_days: BusinessDays,
    pub prices: PriceFormat,
    /// What bills say of the restaurant.
    pub house: House,
    /// Set when every statement is logged as it runs.
    pub sql_echo: Option<Echo>,
}

impl Config {
    /// Reads the settings from `variables`, which take precedence, and from the file `dotenv`.
    ///
    /// # Errors
    ///
    /// Names the setting that is missing or invalid, where to set it, and what it may be.
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
                invalid("TIME_ZONE", name, "use a name such as America/New_York or Europe/Rome", error)
            })?,
        };
        let ends_at = optional("DAY_ENDS_AT").unwrap_or("04:00");
        let ends_at = Time::strptime("%H:%M", ends_at)
            .map_err(|error| invalid("DAY_ENDS_AT", ends_at, "write it like 04:00", error))?;
        let example = optional("PRICES").unwrap_or("$3.50");
        let prices = PriceFormat::like(example).ok_or_else(|| {
            let (value, advice) =
                (example.to_owned(), "write 3.50 as you write prices, like $3.50 or '3,50 €'");
            ConfigError::Invalid { name: "PRICES", value, advice, source: None }
        })?;
        let proxy = optional("PROXY").map(|proxy| {
            let advice = "write the proxy's address like 10.0.0.2";
            proxy.parse().map_err(|error: AddrParseError| invalid("PROXY", proxy, advice, error))
        });
        let origin = optional("ORIGIN").map(|origin| {
            let advice = "write the address that people type, like https://orders.example.com";
            canonical(origin).ok_or_else(|| ConfigError::Invalid {
                name: "ORIGIN",
                value: origin.to_owned(),
                advice,
                source: None,
            })
        });
        Ok(Self {
            database_url: lasting(given.settings.database_url)?,
            secret_key: given.secret_key,
            address: given.address,
            insecure_http: switch("INSECURE_HTTP", optional("INSECURE_HTTP"))?,
            proxy: proxy.transpose()?,
            origin: origin.transpose()?,
            business_days: BusinessDays { time_zone, ends_at },
            prices,
            house: house::house(optional("RESTAURANT_NAME"), optional("TAX_INCLUDED"))?,
            sql_echo: given.settings.sql_echo,
        })
    }

    /// Whether browsers send cookies back over HTTPS only: always, except on this machine itself, and
    /// where `INSECURE_HTTP` allows them to be sent without encryption.
    pub fn secure_cookies(&self) -> bool {
        let stays_here = self.address.ip().is_loopback() && self.proxy.is_none();
        !self.insecure_http && !stays_here
    }
}

/// This URL, if the database that it names still exists after a connection to it is closed.
///
/// # Errors
///
/// When it is in memory.
#[cfg(not(feature = "postgres"))]
pub fn lasting(url: String) -> Result<String, ConfigError> {
    use crate::database_file::{DatabaseFile, database_file};

    if database_file(&url) != DatabaseFile::InMemory {
        return Ok(url);
    }
    let advice = "name a file, such as sqlite://order-up.db: a database in memory is not kept";
    Err(ConfigError::Invalid { name: "DATABASE_URL", value: url, advice, source: None })
}

/// A server keeps what it stores.
///
/// # Errors
///
/// Never.
#[cfg(feature = "postgres")]
pub fn lasting(url: String) -> Result<String, ConfigError> {
    Ok(url)
}

/// A site as browsers name it: in lower case, without the default port and without a path.
fn canonical(origin: &str) -> Option<String> {
    let origin = origin.trim_end_matches('/').to_ascii_lowercase();
    let (scheme, authority) = origin.split_once("://")?;
    let usual_port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => return None,
    };
    let authority = authority.strip_suffix(usual_port).unwrap_or(authority);
    let is_authority = !authority.contains(['@', '/']) && authority.parse::<Authority>().is_ok();
    is_authority.then(|| format!("{scheme}://{authority}"))
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
            .field("origin", &self.origin)
            .field("business_days", &self.business_days)
            .field("prices", &self.prices)
            .field("house", &self.house)
            .field("sql_echo", &self.sql_echo.is_some())
            .finish()
    }
}
