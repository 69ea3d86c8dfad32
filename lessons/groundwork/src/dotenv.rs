//! Settings: reads the file `.env` and the variables of the process, and adds to the file.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a `.env` cannot be read. A file that does not exist is not an error: it holds no settings.
#[derive(Debug, Error)]
pub enum DotenvError {
    #[error("cannot read {}: {source}.", file.display())]
    Unreadable { file: PathBuf, source: dotenvy::Error },
    #[error(
        "{} is not saved as UTF-8. Save it as UTF-8 in your editor; in PowerShell, write it with \
         `Set-Content -Encoding utf8`.",
        file.display()
    )]
    NotUtf8 { file: PathBuf },
    #[error(
        "{}, line {line}: this is not of the form NAME=value. Put a value that holds spaces, # or $ \
         between single quotes.",
        file.display()
    )]
    BadLine { file: PathBuf, line: usize },
}

/// The one `.env`, at the top of the workspace: two folders above this package.
pub fn path() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).unwrap_or(package).join(".env")
}

/// The variables of this process, except those that are not Unicode: none of our settings are.
pub fn variables() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// The settings in `file`. Unlike dotenvy's own functions it leaves the process's environment
/// alone, and looks in no other folder.
///
/// # Errors
///
/// Names the file, and the line that is wrong.
pub fn read(file: &Path) -> Result<BTreeMap<String, String>, DotenvError> {
    let unreadable = |source| DotenvError::Unreadable { file: file.to_owned(), source };
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
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

/// Adds a setting to `file`, which from then on can be read by its owner alone: the setting may be a secret.
///
/// # Errors
///
/// When the file cannot be written, or cannot be kept from others.
pub fn append(file: &Path, name: &str, value: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(file)?;
    keep_from_others(&opened)?;
    // One write, so that two programs that start at once leave two whole lines.
    opened.write_all(format!("\n{name}={value}\n").as_bytes())
}

/// A file that was there before may be one that everybody reads.
#[cfg(unix)]
fn keep_from_others(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let mut permissions = file.metadata()?.permissions();
    if permissions.mode() & 0o077 != 0 {
        permissions.set_mode(permissions.mode() & !0o077);
        file.set_permissions(permissions)?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn keep_from_others(_file: &File) -> io::Result<()> {
    Ok(())
}

fn parse(text: &str) -> dotenvy::Result<BTreeMap<String, String>> {
    dotenvy::from_read_iter(text.as_bytes()).collect()
}

/// The number of the first line that cannot be parsed: the one after the longest beginning that can. dotenvy's error
/// has only some text of that line, and another line may contain the same text.
fn bad_line(text: &str) -> usize {
    let lines: Vec<_> = text.split_inclusive('\n').collect();
    let good = (0..lines.len()).rfind(|&count| parse(&lines[..count].concat()).is_ok());
    good.unwrap_or(0) + 1
}
