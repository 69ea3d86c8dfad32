//! Opens a connection to the database at a URL.

use diesel::prelude::*;

use crate::{ConnectError, Db, check_url, prepare};

/// Opens the database that `url` names, ready for use.
///
/// # Errors
///
/// Returns an error that says what is wrong with the URL or the database and how to fix it. It
/// never contains the password.
pub fn connect(url: &str) -> Result<Db, ConnectError> {
    check_url(url)?;
    let mut conn = Db::establish(url).map_err(|error| ConnectError::no_connection(url, error))?;
    prepare(&mut conn).map_err(|error| ConnectError::not_usable(url, error))?;
    Ok(conn)
}
