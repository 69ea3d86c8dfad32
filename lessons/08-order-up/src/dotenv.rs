//! Reads the file `.env`, and writes the one setting that can be made up.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Why a `.env` cannot be read. A file that does not exist is no error: it holds no settings.
#[derive(Debug)]
pub enum DotenvError {
    Unreadable { file: PathBuf, error: dotenvy::Error },
    NotUtf8 { file: PathBuf },
    BadLine { file: PathBuf, line: usize },
}

/// The variables of this process, but for those that are no Unicode: no setting of ours is such.
pub fn variables() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// The settings in `file`. Unlike dotenvy's own functions it leaves the process's environment
/// alone, and looks in no other folder.
pub fn read(file: &Path) -> Result<BTreeMap<String, String>, DotenvError> {
    let unreadable = |error| DotenvError::Unreadable { file: file.to_owned(), error };
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(unreadable(dotenvy::Error::Io(error))),
    };
    let text = String::from_utf8(bytes).map_err(|_| DotenvError::NotUtf8 { file: file.to_owned() })?;
    // Editors on Windows may put a byte order mark first and end lines with CR LF; neither is part of a setting.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n");
    parse(&text).map_err(|error| match error {
        dotenvy::Error::LineParse(..) => {
            DotenvError::BadLine { file: file.to_owned(), line: bad_line(&text) }
        }
        error => unreadable(error),
    })
}

/// Adds a setting to `file`, which only its owner can read from then on.
pub fn append(file: &Path, name: &str, value: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // One write, so that two programs that start at once leave two whole lines.
    options.open(file)?.write_all(format!("\n{name}={value}\n").as_bytes())
}

fn parse(text: &str) -> dotenvy::Result<BTreeMap<String, String>> {
    dotenvy::from_read_iter(text.as_bytes()).collect()
}

/// The number of the line behind the longest beginning that can be read. dotenvy hands over some text of the
/// line, and another line may hold the same.
fn bad_line(text: &str) -> usize {
    let lines: Vec<_> = text.split_inclusive('\n').collect();
    let good = (0..lines.len()).rfind(|&count| parse(&lines[..count].concat()).is_ok());
    good.unwrap_or(0) + 1
}

impl fmt::Display for DotenvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { file, error } => write!(f, "cannot read {}: {error}.", file.display()),
            Self::NotUtf8 { file } => write!(
                f,
                "{} is not saved as UTF-8. Save it as UTF-8 in your editor; in PowerShell, write it with \
                 `Set-Content -Encoding utf8`.",
                file.display()
            ),
            Self::BadLine { file, line } => write!(
                f,
                "{}, line {line}: this is not of the form NAME=value. Put a value that holds spaces, # or $ \
                 between single quotes.",
                file.display()
            ),
        }
    }
}

impl std::error::Error for DotenvError {}
