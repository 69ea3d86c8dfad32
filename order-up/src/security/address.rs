//! Where a request comes from.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Uri, header};

use crate::app::App;

/// The address that a request comes from.
pub struct Address {
    ip: Option<IpAddr>,
    /// Whether the request came through a proxy that does not report whose request it is.
    is_hidden: bool,
}

const FORWARDED_FOR: &str = "x-forwarded-for";

/// Only a proxy sends these.
const OF_PROXIES: [&str; 6] =
    [FORWARDED_FOR, "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "forwarded", "via"];

/// The headers in which a browser names the site that it is visiting.
const OF_SITES: [HeaderName; 3] = [header::HOST, header::ORIGIN, header::REFERER];

impl Address {
    /// Whether the request was made on this machine.
    pub fn is_this_machine(&self) -> bool {
        !self.is_hidden && self.ip.is_some_and(|ip| ip.to_canonical().is_loopback())
    }

    /// The text under which failed sign-ins are counted. A person with one IPv6 address has all 2⁶⁴
    /// addresses of its network, so these count as one.
    pub fn text(&self) -> String {
        match self.ip.map(|ip| ip.to_canonical()) {
            None => "unknown".to_owned(),
            Some(IpAddr::V4(ip)) => ip.to_string(),
            Some(IpAddr::V6(ip)) => {
                let [a, b, c, d, ..] = ip.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        }
    }
}

impl FromRequestParts<App> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        let is_proxy = peer.is_some() && peer.map(|ip| ip.to_canonical()) == app.config.proxy;
        let forwarded = parts.headers.get_all(FORWARDED_FOR).iter().next_back();
        Ok(match forwarded {
            // A proxy appends the address; the client may have made up anything before the last one.
            Some(forwarded) if is_proxy => {
                let last = forwarded.to_str().unwrap_or_default().rsplit(',').next().unwrap_or_default();
                Self { ip: last.trim().parse().ok(), is_hidden: false }
            }
            _ => Self { ip: peer, is_hidden: is_proxy || !is_direct(&parts.headers) },
        })
    }
}

/// Whether nothing hints at a proxy: no header that a proxy adds, and no site that is on another machine.
fn is_direct(headers: &HeaderMap) -> bool {
    let is_here = |name| headers.get_all(name).iter().all(|site| site.to_str().is_ok_and(is_this_machine));
    !OF_PROXIES.iter().any(|name| headers.contains_key(*name)) && OF_SITES.iter().all(is_here)
}

/// Whether a `Host`, an `Origin` or an address of a page names this machine.
fn is_this_machine(site: &str) -> bool {
    let Ok(uri) = site.parse::<Uri>() else { return false };
    let Some(host) = uri.host() else { return false };
    let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || ip.is_ok_and(|ip| ip.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_this_machine;

    #[test]
    fn a_site_on_this_machine_is_distinguished_from_others() {
        for here in [
            "localhost",
            "LOCALHOST:8000",
            "127.0.0.1:8000",
            "127.1.2.3",
            "[::1]:8000",
            "[::ffff:127.0.0.1]",
            "http://127.0.0.1:8000",
            "http://localhost:8000/session/?next=%2Fmenu",
        ] {
            assert!(is_this_machine(here), "{here}");
        }
        for elsewhere in [
            "orders.example",
            "127.0.0.1.example",
            "http://orders.example/",
            "192.168.1.5:8000",
            "null",
            "",
            "/",
            "[::2]",
        ] {
            assert!(!is_this_machine(elsewhere), "{elsewhere}");
        }
    }
}
