//! Why the settings cannot be loaded, and what to do about it.

use std::error::Error;

use groundwork::dotenv::DotenvError;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum ConfigError {
    /// A setting that every Order Up has.
    #[error(transparent)]
    Given(#[from] groundwork::order_up::ConfigError),
    /// The value is shown, so this is for no setting that holds a secret.
    #[error("{name} is {value:?}; {advice}.")]
    Invalid {
        name: &'static str,
        value: String,
        advice: &'static str,
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    #[error(transparent)]
    Dotenv(#[from] DotenvError),
}
