//! Finds out which database to open. Lesson 2 does so for all settings at once.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::dotenv::{self, DotenvError};

/// Why there is no `DATABASE_URL`.
#[derive(Debug)]
pub enum DatabaseUrlError {
    Missing { dotenv: PathBuf },
    Dotenv(DotenvError),
}

/// The value of `DATABASE_URL`: `variable` (the process's own, which wins), or the one in the
/// file `dotenv`.
pub fn database_url(variable: Option<String>, dotenv: &Path) -> Result<String, DatabaseUrlError> {
    if let Some(url) = variable {
        return Ok(url);
    }
    let mut settings = dotenv::read(dotenv).map_err(DatabaseUrlError::Dotenv)?;
    settings.remove("DATABASE_URL").ok_or_else(|| DatabaseUrlError::Missing { dotenv: dotenv.to_owned() })
}

impl fmt::Display for DatabaseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { dotenv } => write!(
                f,
                "DATABASE_URL is not set. Add a line such as DATABASE_URL=sqlite://bookshop.db to {}, \
                 or set the variable in your shell.",
                dotenv.display()
            ),
            Self::Dotenv(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for DatabaseUrlError {}
