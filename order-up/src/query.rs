//! The query of a URL: what follows the `?`.

use axum::http::Uri;

/// The first value of a field in the query.
pub fn value(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    let mut fields = form_urlencoded::parse(query.as_bytes());
    fields.find(|(field, _)| field == name).map(|(_, value)| value.into_owned())
}

/// Whether the query has this field, whatever its value.
pub fn is_set(uri: &Uri, name: &str) -> bool {
    value(uri, name).is_some()
}
