//! Where a request comes from.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use crate::app::App;

/// The address that a request comes from.
pub struct Address {
    ip: Option<IpAddr>,
    /// Whether the request came through a proxy that the settings do not name.
    unknown_proxy: bool,
}

const FORWARDED_FOR: &str = "x-forwarded-for";

impl Address {
    /// Whether the request was made on this machine.
    pub fn is_this_machine(&self) -> bool {
        !self.unknown_proxy && self.ip.is_some_and(|ip| ip.to_canonical().is_loopback())
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
        let forwarded = parts.headers.get_all(FORWARDED_FOR).iter().next_back();
        Ok(match (peer, forwarded) {
            // A proxy appends the address; anything before the last one may be made up by the client.
            (Some(peer), Some(forwarded)) if app.config.proxy == Some(peer.to_canonical()) => {
                let last = forwarded.to_str().unwrap_or_default().rsplit(',').next().unwrap_or_default();
                Self { ip: last.trim().parse().ok(), unknown_proxy: false }
            }
            (peer, forwarded) => Self { ip: peer, unknown_proxy: forwarded.is_some() },
        })
    }
}
