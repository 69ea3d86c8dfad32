//! Why there are no settings, and what to do about it.

use std::error::Error;
use std::path::PathBuf;

use groundwork::dotenv::DotenvError;
use thiserror::Error;

use groundwork::order_up::SecretKey;

#[derive(Debug, Error)]
pub enum ConfigError {
    #[error("{name} is not set. Add a line {name}=… to {}, or set the variable.", dotenv.display())]
    Missing { name: &'static str, dotenv: PathBuf },
    #[error(
        "SECRET_KEY is not set. {MAKE_ONE}, and add a line SECRET_KEY=… to {}, or set the variable.",
        dotenv.display()
    )]
    MissingKey { dotenv: PathBuf },
    /// The key itself is a secret; its length is not.
    #[error(
        "SECRET_KEY has {bytes} bytes, and needs {} or more. {MAKE_ONE}, and put it into {} or into the variable.",
        SecretKey::MIN_BYTES,
        dotenv.display()
    )]
    ShortKey { bytes: usize, dotenv: PathBuf },
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

const MAKE_ONE: &str = "Make one with `openssl rand -hex 64`";
