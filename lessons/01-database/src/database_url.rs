//! Finds out which database to open.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why there is no `DATABASE_URL`.
#[derive(Debug)]
pub enum DatabaseUrlError {
    Missing { dotenv: PathBuf },
    Unreadable { dotenv: PathBuf, error: dotenvy::Error },
    BadLine { dotenv: PathBuf, line: usize },
}

/// The value of `DATABASE_URL`: `variable` (the process's own, which wins), or the one in the
/// file `dotenv`.
pub fn database_url(variable: Option<String>, dotenv: &Path) -> Result<String, DatabaseUrlError> {
    if let Some(url) = variable {
        return Ok(url);
    }
    let file = || dotenv.to_owned();
    let text = match std::fs::read_to_string(dotenv) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(DatabaseUrlError::Missing { dotenv: file() });
        }
        Err(error) => {
            return Err(DatabaseUrlError::Unreadable { dotenv: file(), error: dotenvy::Error::Io(error) });
        }
    };
    let mut url = None;
    for pair in dotenvy::from_read_iter(text.as_bytes()) {
        match pair {
            Ok((name, value)) if name == "DATABASE_URL" => url = Some(value),
            Ok(_) => {}
            Err(dotenvy::Error::LineParse(bad, _)) => {
                let line = line_number(&text, &bad);
                return Err(DatabaseUrlError::BadLine { dotenv: file(), line });
            }
            Err(error) => return Err(DatabaseUrlError::Unreadable { dotenv: file(), error }),
        }
    }
    url.ok_or(DatabaseUrlError::Missing { dotenv: file() })
}

/// dotenvy hands over the text of the line it could not read; people look for its number.
fn line_number(text: &str, bad: &str) -> usize {
    let start = text.find(bad.trim_end()).unwrap_or(0);
    text[..start].matches('\n').count() + 1
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
            Self::Unreadable { dotenv, error } => write!(f, "cannot read {}: {error}.", dotenv.display()),
            Self::BadLine { dotenv, line } => write!(
                f,
                "{}, line {line}: this is not of the form NAME=value. Put a value that holds spaces, # or $ \
                 between single quotes.",
                dotenv.display()
            ),
        }
    }
}

impl std::error::Error for DatabaseUrlError {}
