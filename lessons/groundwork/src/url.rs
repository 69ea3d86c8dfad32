//! What a `DATABASE_URL` may be.

use crate::connect_error::ConnectError;

/// Refuses a URL for another kind of database, and text that is not a URL.
///
/// libpq reports a URL that it cannot parse by printing it whole, password included. So it only
/// ever gets URLs that have passed this check.
///
/// # Errors
///
/// `WrongKind` or `NotAUrl`.
pub fn check_url(url: &str) -> Result<(), ConnectError> {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme);
    match scheme {
        Some(scheme) if !is_word(scheme) => Err(ConnectError::NotAUrl),
        Some(scheme) if !is_ours(scheme) => Err(ConnectError::WrongKind { scheme: scheme.to_owned() }),
        _ if !is_well_formed(url) => Err(ConnectError::NotAUrl),
        _ => Ok(()),
    }
}

fn is_word(scheme: &str) -> bool {
    !scheme.is_empty() && scheme.chars().all(|char| char.is_ascii_alphanumeric() || char == '+')
}

#[cfg(not(feature = "postgres"))]
fn is_ours(scheme: &str) -> bool {
    matches!(scheme, "sqlite" | "file")
}

/// SQLite also takes a plain path, and any text without a zero byte is a path.
#[cfg(not(feature = "postgres"))]
fn is_well_formed(url: &str) -> bool {
    !url.is_empty() && !url.contains('\0')
}

#[cfg(feature = "postgres")]
fn is_ours(scheme: &str) -> bool {
    matches!(scheme, "postgresql" | "postgres")
}

/// Stricter than the URL syntax: an `@` or `#` after the host means that the password contains a
/// character that should have been written as `%…`. What looks like the host is then part of the
/// password.
#[cfg(feature = "postgres")]
fn is_well_formed(url: &str) -> bool {
    let Ok(url) = fluent_uri::Uri::parse(url) else { return false };
    let path = url.path().as_str();
    let query = url.query().map_or("", |query| query.as_str());
    url.authority().is_some()
        && path.len() > 1
        && url.fragment().is_none()
        && !path.contains(['@', ':'])
        && path.matches('/').count() <= 1
        && !query.contains('@')
        && query.split('&').filter(|pair| !pair.is_empty()).all(|pair| pair.contains('='))
}
