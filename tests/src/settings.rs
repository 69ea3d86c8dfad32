//! What a `.env` says, and how an error about it reads.

use std::fmt::{Debug, Display, Write};
use std::path::{Path, PathBuf};

use fluent_uri::Uri;

use crate::{text, word};

/// The setting that a `.env` is read for.
const URL: &str = "DATABASE_URL";

/// The `DATABASE_URL` of a `.env` in its parts. What other settings it has does not matter.
pub fn read_dotenv(text: &str) -> String {
    let text = text::plain(text);
    let (mut seen, mut names) = (String::new(), Vec::new());
    for pair in dotenvy::from_read_iter(text.as_bytes()) {
        let _ = match pair {
            Ok((name, value)) => {
                names.push(name);
                match parts(&value) {
                    _ if names.last().is_none_or(|name| name != URL) => Ok(()),
                    Some(parts) => writeln!(seen, "{URL}\n{parts}"),
                    None => writeln!(seen, "{URL}\n  {value:?}, which is not a URL"),
                }
            }
            // dotenvy adds a place within the line.
            Err(dotenvy::Error::LineParse(line, _)) => writeln!(seen, "not NAME=value: {line}"),
            Err(error) => writeln!(seen, "not NAME=value: {error}"),
        };
    }
    for name in references(&text).iter().filter(|name| !names.contains(name)) {
        let _ = writeln!(seen, "${name} is a variable that this file does not set");
    }
    match (seen.is_empty(), names.is_empty()) {
        (true, true) => "(no variables)".to_owned(),
        (true, false) => format!("(no {URL}; there are: {})", names.join(", ")),
        (false, _) => seen,
    }
}

/// The variables that the lines of the URL name, as in `${ROLE}`: their values come from the shell or from other lines.
fn references(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for line in text.lines().filter(|line| line.contains(URL) && !line.trim_start().starts_with('#')) {
        // Between single quotes, and behind a backslash, a dollar sign is one.
        let outside: String = line.split('\'').step_by(2).collect();
        let mut pieces = outside.split('$');
        let mut before = pieces.next().unwrap_or_default();
        for piece in pieces {
            if !before.ends_with('\\') {
                let name = piece.trim_start_matches('{');
                let end =
                    name.find(|char: char| !char.is_alphanumeric() && char != '_').unwrap_or(name.len());
                names.push(name[..end].to_owned());
            }
            before = piece;
        }
    }
    names
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
    let path = url.path().as_str();
    let database = path.strip_prefix('/').unwrap_or(path);
    let mut parts = format!(
        "  kind      {scheme}\n  role      {user}\n  password  {password}\n  host      {host}\n  \
         port      {port}\n  database  {database}"
    );
    // To libpq `?host=…` counts for more than the host before it.
    let rest = [url.query().map(|query| format!("?{query}")), url.fragment().map(|it| format!("#{it}"))];
    for rest in rest.into_iter().flatten() {
        let _ = write!(parts, "\n  and also  {rest}");
    }
    Some(parts)
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

/// A folder that is not there: `/course` on the published seed.
pub fn nowhere() -> String {
    format!("/{}", word("course"))
}

/// A `.env` in a folder of its own.
pub struct Dotenv {
    folder: tempfile::TempDir,
    file: PathBuf,
}

impl Dotenv {
    pub fn with(text: &str) -> Self {
        crate::start::begin();
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
        text.replace(&self.folder.path().display().to_string(), &nowhere()).replace('\\', "/")
    }
}

#[cfg(test)]
mod tests {
    use super::read_dotenv;

    const RIGHT: &str = "postgresql://a:p@localhost/d";

    #[test]
    fn other_settings_do_not_matter() {
        let alone = read_dotenv(&format!("DATABASE_URL={RIGHT}"));
        for more in ["SQL_ECHO=1", "ADDRESS=127.0.0.1:8000", "NOTE='$5 or less'"] {
            assert_eq!(read_dotenv(&format!("{more}\nDATABASE_URL={RIGHT}\n")), alone);
        }
        let parts = "ROLE=a\nDATABASE_URL=\"postgresql://${ROLE}:p@localhost/d\"\n";
        assert_eq!(read_dotenv(parts), alone);
        assert_eq!(read_dotenv("DATABSE_URL=x\nB=1"), "(no DATABASE_URL; there are: DATABSE_URL, B)");
    }

    #[test]
    fn a_url_that_leads_elsewhere_is_noticed() {
        for (url, says) in [
            (format!("{RIGHT}?host=example.com&user=b"), "and also  ?host=example.com&user=b"),
            (format!("{RIGHT}#d"), "and also  #d"),
            ("postgresql://a:p@localhost//d".to_owned(), "database  /d"),
            ("postgresql://a:p@localhost/${NOT_SET}d".to_owned(), "$NOT_SET is a variable"),
            ("\"postgresql://a:$NOTSET@localhost/d\"".to_owned(), "$NOTSET is a variable"),
        ] {
            let seen = read_dotenv(&format!("DATABASE_URL={url}"));
            assert!(seen.contains(says), "{url}: {seen}");
        }
        assert!(!read_dotenv("DATABASE_URL='postgresql://a:$p@localhost/d'").contains("variable"));
    }
}
