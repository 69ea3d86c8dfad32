//! The three steps to an open connection, each with its own kind of failure.

use diesel::prelude::*;

use groundwork::{ConnectError, Db, check_url, prepare};

/// At which step it stopped. It becomes a [`ConnectError`] where the URL is at hand.
pub(super) enum Stopped {
    Url(ConnectError),
    Opening(diesel::ConnectionError),
    Preparing(diesel::result::Error),
}

impl From<ConnectError> for Stopped {
    fn from(error: ConnectError) -> Self {
        Self::Url(error)
    }
}

impl From<diesel::ConnectionError> for Stopped {
    fn from(error: diesel::ConnectionError) -> Self {
        Self::Opening(error)
    }
}

impl From<diesel::result::Error> for Stopped {
    fn from(error: diesel::result::Error) -> Self {
        Self::Preparing(error)
    }
}

impl Stopped {
    pub(super) fn at(self, url: &str) -> ConnectError {
        match self {
            Self::Url(error) => error,
            Self::Opening(error) => ConnectError::no_connection(url, error),
            Self::Preparing(error) => ConnectError::not_usable(url, error),
        }
    }
}

/// A URL that has been looked at.
struct Checked<'a>(&'a str);

impl<'a> TryFrom<&'a str> for Checked<'a> {
    type Error = Stopped;

    fn try_from(url: &'a str) -> Result<Self, Stopped> {
        check_url(url)?;
        Ok(Self(url))
    }
}

pub(super) fn open(url: &str) -> Result<Db, Stopped> {
    let Checked(url) = url.try_into()?;
    let mut opened = Db::establish(url)?;
    prepare(&mut opened)?;
    Ok(opened)
}
