//! Opens the database that a URL names.

mod stages;

use diesel::prelude::*;

use groundwork::{ConnectError, Db, check_url, prepare};

/// Opens the database that `url` names, ready for use.
///
/// # Errors
///
/// Says what is wrong with the URL or the database and what to do; never shows a password.
pub fn connect(url: &str) -> Result<Db, ConnectError> {
    // Task: Check the URL, open the connection and prepare it.
    stages::open(url).map_err(|stopped| stopped.at(url))
}
