//! How errors name a database: by where it is, and without its password.

/// The file of a URL such as `sqlite://bookshop.db`.
#[cfg(not(feature = "postgres"))]
pub fn place(url: &str) -> String {
    format!("the SQLite file {}", url.strip_prefix("sqlite://").unwrap_or(url))
}

/// All of the URL but the password and the options.
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
