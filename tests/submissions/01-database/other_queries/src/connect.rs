//! Opens the database that a URL names.

use diesel::prelude::*;

use groundwork::{ConnectError, Db, check_url, prepare};

/// Opens the database that `url` names, ready for use.
///
/// # Errors
///
/// Says what is wrong with the URL or the database and what to do; never shows a password.
pub fn connect(url: &str) -> Result<Db, ConnectError> {
    // Task: Check the URL, open the connection and prepare it.
    check_url(url)
        .and_then(|()| Db::establish(url).map_err(|error| ConnectError::no_connection(url, error)))
        .and_then(|mut conn| match prepare(&mut conn) {
            Ok(()) => Ok(conn),
            Err(error) => Err(ConnectError::not_usable(url, error)),
        })
}
