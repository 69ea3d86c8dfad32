//! What a `DATABASE_URL` says.

use super::ConnectError;

/// Refuses a URL that is of another database's kind, or that is none.
///
/// libpq reports a URL that it cannot parse by printing it whole, password included. So it only
/// ever gets URLs that have passed this check.
pub fn check(url: &str) -> Result<(), ConnectError> {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme);
    match scheme {
        Some(scheme) if !is_word(scheme) => Err(ConnectError::NoUrl),
        Some(scheme) if !is_ours(scheme) => Err(ConnectError::WrongKind { scheme: scheme.to_owned() }),
        _ if !is_well_formed(url) => Err(ConnectError::NoUrl),
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

/// SQLite takes a plain path too, and any text without a zero byte is one.
#[cfg(not(feature = "postgres"))]
fn is_well_formed(url: &str) -> bool {
    !url.is_empty() && !url.contains('\0')
}

/// How errors name the database.
#[cfg(not(feature = "postgres"))]
pub fn place(url: &str) -> String {
    format!("the SQLite file {}", url.strip_prefix("sqlite://").unwrap_or(url))
}

#[cfg(feature = "postgres")]
fn is_ours(scheme: &str) -> bool {
    matches!(scheme, "postgresql" | "postgres")
}

/// Stricter than a URL need be: an `@` or `#` further on means that the password holds a
/// character that should have been written as `%…`, and what looks like the host is a part of it.
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

/// How errors name the database: all of the URL but the password and the options.
#[cfg(feature = "postgres")]
pub fn place(url: &str) -> String {
    let Ok(url) = fluent_uri::Uri::parse(url) else { return "the database".to_owned() };
    let Some(authority) = url.authority() else { return "the database".to_owned() };
    let user = authority.userinfo().map_or("", |info| info.as_str()).split(':').next().unwrap_or("");
    let port = authority.port().map_or("5432", |port| port.as_str());
    // Without a host libpq looks for a server on this machine.
    let host = if authority.host().is_empty() { "localhost" } else { authority.host() };
    let database = url.path().as_str().trim_start_matches('/');
    format!("the PostgreSQL database `{database}` on {host}:{port} as `{user}`")
}
