//! Why there are no settings, and what to do about it.

use std::fmt;
use std::path::{Path, PathBuf};

use super::KEY_LENGTH;
use groundwork::ConnectError;
use groundwork::dotenv::DotenvError;

#[derive(Debug)]
pub enum ConfigError {
    Missing {
        name: &'static str,
        dotenv: PathBuf,
    },
    /// Of no secret: the value is shown.
    Wrong {
        name: &'static str,
        value: String,
        advice: &'static str,
    },
    /// The key itself is a secret; its length is not.
    ShortKey {
        bytes: usize,
        dotenv: PathBuf,
    },
    Dotenv(DotenvError),
    Url(ConnectError),
}

impl ConfigError {
    pub(super) fn missing(name: &'static str, dotenv: &Path) -> Self {
        Self::Missing { name, dotenv: dotenv.to_owned() }
    }

    pub(super) fn wrong(name: &'static str, value: &str, advice: &'static str) -> Self {
        Self::Wrong { name, value: value.to_owned(), advice }
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
            Self::Missing { name: "SECRET_KEY", dotenv } => write!(
                f,
                "SECRET_KEY is not set. {MAKE_ONE}, and add a line SECRET_KEY=… to {}, or set the variable.",
                dotenv.display()
            ),
            Self::Missing { name, dotenv } => {
                write!(
                    f,
                    "{name} is not set. Add a line {name}=… to {}, or set the variable.",
                    dotenv.display()
                )
            }
            Self::Wrong { name, value, advice } => write!(f, "{name} is {value:?}; {advice}."),
            Self::ShortKey { bytes, dotenv } => write!(
                f,
                "SECRET_KEY has {bytes} bytes, and needs {KEY_LENGTH} or more. {MAKE_ONE}, and put it into {} \
                 or into the variable.",
                dotenv.display()
            ),
            Self::Dotenv(error) => error.fmt(f),
            Self::Url(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ConfigError {}

const MAKE_ONE: &str = "Make one with `openssl rand -hex 64`";
