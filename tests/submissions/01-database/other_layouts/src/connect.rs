//! Opens the database that a URL names.

mod error;
mod prepare;
mod stages;
mod url;

use diesel::prelude::*;

pub use error::ConnectError;
pub use prepare::prepare;
pub use url::check as check_url;

/// The database that this build speaks: SQLite, or PostgreSQL with `--features postgres`.
#[cfg(not(feature = "postgres"))]
pub type Db = SqliteConnection;
#[cfg(feature = "postgres")]
pub type Db = PgConnection;

/// What Diesel needs to know about [`Db`] to check a query while it compiles.
pub type Backend = <Db as Connection>::Backend;

/// Opens the database that `url` names, ready for use.
///
/// # Errors
///
/// Says what is wrong with the URL or the database and what to do; never shows a password.
pub fn connect(url: &str) -> Result<Db, ConnectError> {
    // Task: Check the URL, open the connection and prepare it.
    stages::open(url).map_err(|stopped| stopped.at(url))
}
