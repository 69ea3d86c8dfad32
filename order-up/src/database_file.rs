//! Finds the file of a SQLite database from its URL.

use std::path::PathBuf;

/// What a URL such as `sqlite://order-up.db` names.
#[derive(Debug, PartialEq)]
pub enum DatabaseFile {
    At(PathBuf),
    /// Not in a file: each connection has a database of its own, which is gone with it.
    InMemory,
    /// Only SQLite can parse this URL.
    Unknown,
}

/// What `url` names.
pub fn database_file(url: &str) -> DatabaseFile {
    let path = url.strip_prefix("sqlite://").unwrap_or(url);
    let Some(uri) = path.strip_prefix("file:") else {
        return if path == ":memory:" { DatabaseFile::InMemory } else { DatabaseFile::At(path.into()) };
    };
    let (path, options) = uri.split_once('?').unwrap_or((uri, ""));
    if path == ":memory:" || path.is_empty() || options.split('&').any(|option| option == "mode=memory") {
        return DatabaseFile::InMemory;
    }
    if path.contains(['%', '#']) || path.starts_with("//") {
        return DatabaseFile::Unknown;
    }
    DatabaseFile::At(path.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_a_file_or_memory() {
        for (url, file) in [
            ("order-up.db", "order-up.db"),
            ("sqlite://order-up.db", "order-up.db"),
            ("sqlite:///srv/order up?.db", "/srv/order up?.db"),
            ("file:/srv/order-up.db?cache=private", "/srv/order-up.db"),
        ] {
            assert_eq!(database_file(url), DatabaseFile::At(file.into()), "{url}");
        }
        for url in
            [":memory:", "sqlite://:memory:", "file::memory:?cache=shared", "file:x?a=b&mode=memory", "file:"]
        {
            assert_eq!(database_file(url), DatabaseFile::InMemory, "{url}");
        }
        for url in ["file:///srv/order-up.db", "file:/srv/100%25.db"] {
            assert_eq!(database_file(url), DatabaseFile::Unknown, "{url}");
        }
    }
}
