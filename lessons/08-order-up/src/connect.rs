//! Opens the database that a URL names.

mod error;
mod prepare;
mod url;

use diesel::prelude::*;

pub use error::ConnectError;
pub use prepare::prepare;
use url::check as check_url;
pub use url::place;

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
    check_url(url)?;
    let mut conn = Db::establish(url).map_err(|error| ConnectError::no_connection(url, &error))?;
    prepare(&mut conn).map_err(|error| ConnectError::not_usable(url, &error))?;
    Ok(conn)
}
