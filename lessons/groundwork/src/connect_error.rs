//! Why a database cannot be opened, in words that help and without the password.

use thiserror::Error;

use crate::place::place;

/// Why a database cannot be opened.
#[derive(Debug, Error)]
pub enum ConnectError {
    /// The URL is for a kind of database that the program was not built for.
    #[error("DATABASE_URL begins with `{scheme}:`, and this program was built for {SPEAKS}. {OTHER_BUILD}")]
    WrongKind { scheme: String },
    /// The text cannot be a URL. It is not shown: any part of it may be the password.
    #[error("DATABASE_URL is not a URL that can be read. {WRITE_IT_LIKE}")]
    NotAUrl,
    /// The database does not exist, or does not let us in.
    #[error("cannot connect to {place}: {}. {CHECK_ACCESS}", reason(source))]
    NoConnection { place: String, source: diesel::ConnectionError },
    /// It opened, but it is not a database, or not one that can be written to.
    #[error("cannot use {place}: {source}. {CHECK_FILE}")]
    NotUsable { place: String, source: diesel::result::Error },
}

impl ConnectError {
    /// What to return when Diesel cannot open `url`.
    pub fn no_connection(url: &str, source: diesel::ConnectionError) -> Self {
        Self::NoConnection { place: place(url), source }
    }

    /// What to return when a connection to `url` cannot be prepared.
    pub fn not_usable(url: &str, source: diesel::result::Error) -> Self {
        Self::NotUsable { place: place(url), source }
    }
}

/// The error's first line: what follows is advice for whoever runs the server. One message of libpq's needs different
/// words, because it is about how libpq was built.
fn reason(error: &diesel::ConnectionError) -> String {
    let text = error.to_string();
    if text.contains("SSL support is not compiled in") {
        return "the URL asks for an encrypted connection (sslmode), and this program was built without TLS; \
                build it with `--features postgres-tls`, or leave sslmode out if the server is on this machine"
            .to_owned();
    }
    text.lines().next().unwrap_or_default().trim_end_matches('.').to_owned()
}

#[cfg(not(feature = "postgres"))]
mod texts {
    pub const SPEAKS: &str = "SQLite";
    pub const OTHER_BUILD: &str =
        "Use a URL such as sqlite://app.db; for PostgreSQL, add `--features postgres` to the cargo command.";
    pub const WRITE_IT_LIKE: &str = "Write it like sqlite://app.db.";
    pub const CHECK_ACCESS: &str = "Check that its folder exists and that you may write there.";
    pub const CHECK_FILE: &str = "Check that it is a SQLite file and that you may write to it and to its folder, or name a file that does not exist yet.";
}

#[cfg(feature = "postgres")]
mod texts {
    pub const SPEAKS: &str = "PostgreSQL";
    pub const OTHER_BUILD: &str = "Use a URL such as postgresql://role:password@localhost/database, or leave `--features postgres` out of the \
         cargo command.";
    pub const WRITE_IT_LIKE: &str = "Write it like postgresql://role:password@localhost/database, and write characters such as @ : / ? # % in a \
         password as %40 %3A %2F %3F %23 %25.";
    pub const CHECK_ACCESS: &str =
        "Check that the server runs, and the role, password and database in DATABASE_URL.";
    pub const CHECK_FILE: &str = "Check that the role may use the database.";
}

use texts::{CHECK_ACCESS, CHECK_FILE, OTHER_BUILD, SPEAKS, WRITE_IT_LIKE};
