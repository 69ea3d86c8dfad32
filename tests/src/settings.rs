//! What a `.env` says, and how an error about it reads.

use std::fmt::{Debug, Display, Write};
use std::path::{Path, PathBuf};

use fluent_uri::Uri;

use crate::{seal, text};

/// The variables of a `.env`, a URL in its parts.
pub fn read_dotenv(text: &str) -> String {
    let text = text::plain(text);
    let mut seen = String::new();
    for pair in dotenvy::from_read_iter(text.as_bytes()) {
        let _ = match pair {
            Ok((name, value)) => match parts(&value) {
                Some(parts) => writeln!(seen, "{name}\n{parts}"),
                None => writeln!(seen, "{name}\n  {value:?}, which is not a URL"),
            },
            // dotenvy adds a place within the line.
            Err(dotenvy::Error::LineParse(line, _)) => writeln!(seen, "not NAME=value: {line}"),
            Err(error) => writeln!(seen, "not NAME=value: {error}"),
        };
    }
    if seen.is_empty() { "(no variables)".to_owned() } else { seen }
}

fn parts(value: &str) -> Option<String> {
    let url = Uri::parse(value).ok()?;
    let authority = url.authority()?;
    let userinfo = authority.userinfo().map_or("", |info| info.as_str());
    let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
    // Three spellings of one thing each, as a server understands them.
    let scheme = match url.scheme().as_str() {
        "postgres" => "postgresql",
        other => other,
    };
    let host = authority.host().replace("127.0.0.1", "localhost");
    let port = authority.port().map_or("5432", |port| port.as_str());
    let database = url.path().as_str().trim_start_matches('/');
    Some(format!(
        "  kind      {scheme}\n  role      {user}\n  password  {password}\n  host      {host}\n  \
         port      {port}\n  database  {database}"
    ))
}

/// How a call that must fail has failed: the kind of its error, and whether `secret` can be read
/// in what the error shows of itself.
pub fn refusal<T, E: Debug + Display>(result: Result<T, E>, secret: &str) -> String {
    match result {
        Ok(_) => "not refused".to_owned(),
        Err(error) => {
            let debug = format!("{error:?}");
            let kind = debug.split([' ', '{', '(']).next().unwrap_or_default();
            let shows = debug.contains(secret) || error.to_string().contains(secret);
            let whether = if shows { format!("yes: {error}") } else { "no".to_owned() };
            format!("refused: {kind}\nthe error shows the password: {whether}")
        }
    }
}

/// A `.env` in a folder of its own.
pub struct Dotenv {
    folder: tempfile::TempDir,
    file: PathBuf,
}

impl Dotenv {
    pub fn with(text: &str) -> Self {
        seal::take_key();
        let folder =
            tempfile::tempdir().unwrap_or_else(|error| panic!("cannot make a temporary folder: {error}"));
        let file = folder.path().join(".env");
        std::fs::write(&file, text)
            .unwrap_or_else(|error| panic!("cannot write {}: {error}", file.display()));
        Self { folder, file }
    }

    pub fn path(&self) -> &Path {
        &self.file
    }

    /// `text` with another name for the folder, which is a new one each time.
    pub fn anonymous(&self, text: &str) -> String {
        text.replace(&self.folder.path().display().to_string(), "/course").replace('\\', "/")
    }
}
