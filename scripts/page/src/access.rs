//! Access to the pages: for a browser on this machine that knows the token, and not for a page of another site.

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The names of this machine under which the pages may be asked for, with the port.
#[derive(Clone)]
pub struct Hosts(Vec<String>);

impl Hosts {
    pub fn of_port(port: u16) -> Self {
        Self(["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}")).into())
    }

    /// A site that has its name lead to this machine asks under that name (DNS rebinding), and other sites' pages have
    /// another origin. A link may still lead here, as from the page under another of this machine's names: no other
    /// site can read what a window shows.
    fn allow(&self, headers: &HeaderMap) -> bool {
        let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        let is_own = |host: &str| self.0.iter().any(|own| own == host);
        let fetch = |name: &'static str| text(&HeaderName::from_static(name));
        let is_followed =
            fetch("sec-fetch-mode") == Some("navigate") && fetch("sec-fetch-dest") == Some("document");
        let site = fetch("sec-fetch-site");
        text(&HOST).is_some_and(is_own)
            && text(&ORIGIN).is_none_or(|origin| origin.strip_prefix("http://").is_some_and(is_own))
            && (is_followed || site.is_none_or(|site| ["none", "same-origin"].contains(&site)))
    }
}

/// Refuses what is not for these hosts, and says in each answer that no other site has any use of it.
pub async fn only_from_here(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    let mut response = match hosts.allow(request.headers()) {
        true => next.run(request).await,
        false => (StatusCode::FORBIDDEN, "This page is for this computer alone.").into_response(),
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

const HEADERS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; \
         frame-src http://127.0.0.1:* http://localhost:*; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cache-control", "no-store"),
];

/// A token that nobody can guess.
///
/// # Errors
///
/// When the system has no random numbers.
pub fn token() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_hosts_origins_and_sites_are_refused() {
        let allow = |pairs: &[(&'static str, &'static str)]| {
            let pairs = pairs
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
            Hosts::of_port(4000).allow(&pairs.collect())
        };
        let host = ("host", "127.0.0.1:4000");
        assert!(allow(&[host]));
        assert!(allow(&[("host", "localhost:4000"), ("sec-fetch-site", "none")]));
        assert!(allow(&[host, ("origin", "http://127.0.0.1:4000"), ("sec-fetch-site", "same-origin")]));
        let link = [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
        assert!(allow(&[host, ("sec-fetch-site", "cross-site"), link[0], link[1]]));
        for other in [
            &[host, ("sec-fetch-site", "cross-site"), link[0], ("sec-fetch-dest", "iframe")][..],
            &[host, ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), link[1]],
            &[("host", "evil.example:4000"), link[0], link[1]],
            &[host, ("origin", "http://evil.example"), link[0], link[1]],
            &[],
            &[("host", "evil.example:4000")],
            &[("host", "127.0.0.1:4001")],
            &[host, ("origin", "http://evil.example")],
            &[host, ("origin", "null")],
            &[host, ("origin", "http://127.0.0.1:8000")],
            &[host, ("sec-fetch-site", "cross-site")],
            &[host, ("sec-fetch-site", "same-site")],
        ] {
            assert!(!allow(other), "{other:?}");
        }
    }

    #[test]
    fn tokens_are_long_and_differ() {
        let (one, other) = (token().unwrap(), token().unwrap());
        assert_eq!(one.len(), 32);
        assert_ne!(one, other);
    }
}
