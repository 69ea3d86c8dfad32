//! Why a database could not be opened, in words that help and without the password.

use std::error::Error;
use std::fmt;

use super::url;

/// Why a database could not be opened.
#[derive(Debug, PartialEq)]
pub enum ConnectError {
    /// The URL is of a database that this build does not speak.
    WrongKind { scheme: String },
    /// What is there cannot be a URL. It is not shown: nobody can tell which part is the password.
    NoUrl,
    /// There is no such database, or it does not let us in.
    NoConnection { place: String, reason: String },
    /// It opened, but it is no database, or not one that can be written to.
    NotUsable { place: String, reason: String },
}

impl ConnectError {
    pub(super) fn no_connection(url: &str, error: &diesel::ConnectionError) -> Self {
        Self::NoConnection { place: url::place(url), reason: translated(&error.to_string()) }
    }

    pub(super) fn not_usable(url: &str, error: &diesel::result::Error) -> Self {
        Self::NotUsable { place: url::place(url), reason: error.to_string() }
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongKind { scheme } => {
                write!(
                    f,
                    "DATABASE_URL begins with `{scheme}:`, and this program was built for {SPEAKS}. {OTHER_BUILD}"
                )
            }
            Self::NoUrl => write!(f, "DATABASE_URL is not a URL that can be read. {WRITE_IT_LIKE}"),
            Self::NoConnection { place, reason } => {
                write!(f, "cannot connect to {place}: {reason}. {CHECK_ACCESS}")
            }
            Self::NotUsable { place, reason } => write!(f, "cannot use {place}: {reason}. {CHECK_FILE}"),
        }
    }
}

impl Error for ConnectError {}

/// The one message of libpq's that is a riddle: it means how libpq was built.
fn translated(reason: &str) -> String {
    if reason.contains("SSL support is not compiled in") {
        return "the URL asks for an encrypted connection (sslmode), and this program was built without TLS; \
                build it with `--features postgres-tls`, or leave sslmode out if the server is on this machine"
            .to_owned();
    }
    // What follows the first line is advice for whoever runs the server.
    reason.lines().next().unwrap_or_default().trim_end_matches('.').to_owned()
}

#[cfg(not(feature = "postgres"))]
mod texts {
    pub const SPEAKS: &str = "SQLite";
    pub const OTHER_BUILD: &str = "Use a URL such as sqlite://order-up.db; for PostgreSQL, add `--features postgres` to the cargo command.";
    pub const WRITE_IT_LIKE: &str = "Write it like sqlite://order-up.db.";
    pub const CHECK_ACCESS: &str = "Check that its folder exists and that you may write there.";
    pub const CHECK_FILE: &str = "Check that it is a SQLite file and that you may write to it and to its folder, or name a file that does not exist yet.";
}

#[cfg(feature = "postgres")]
mod texts {
    pub const SPEAKS: &str = "PostgreSQL";
    pub const OTHER_BUILD: &str = "Use a URL such as postgresql://order_up:password@localhost/order_up, or leave \
                                   `--features postgres` out of the cargo command.";
    pub const WRITE_IT_LIKE: &str = "Write it like postgresql://order_up:password@localhost/order_up, and write \
                                     characters such as @ : / ? # % in a password as %40 %3A %2F %3F %23 %25.";
    pub const CHECK_ACCESS: &str =
        "Check that the server runs, and the role, password and database in DATABASE_URL.";
    pub const CHECK_FILE: &str = "Check that the role may use the database.";
}

use texts::{CHECK_ACCESS, CHECK_FILE, OTHER_BUILD, SPEAKS, WRITE_IT_LIKE};
