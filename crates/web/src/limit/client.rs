//! Who is at the other end, also behind a proxy.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderMap, StatusCode};

use crate::problem::Problem;
use crate::serve::Peer;

/// The proxies whose word on the client's address is taken; none by default. An extension of every request.
#[derive(Clone, Default, Debug)]
pub struct TrustedProxies(Arc<[IpAddr]>);

impl TrustedProxies {
    /// Trusts these addresses.
    pub fn new(addresses: &[IpAddr]) -> Self {
        Self(addresses.iter().map(IpAddr::to_canonical).collect())
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

/// The address of the client: the one that connected, or the last one in `X-Forwarded-For` that no trusted
/// proxy has. For limits only; never a proof of who it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ClientAddress(pub IpAddr);

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.address.ip());
        let peer = peer.ok_or_else(|| Problem::new(StatusCode::INTERNAL_SERVER_ERROR).detail("no peer address"))?;
        let trusted = parts.extensions.get::<TrustedProxies>().cloned().unwrap_or_default();
        Ok(Self(client(peer, &parts.headers, &trusted)))
    }
}

fn client(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> IpAddr {
    let mut client = peer.to_canonical();
    let values: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    for hop in values.iter().flat_map(|value| value.split(',')).rev() {
        // Only what a trusted proxy wrote counts; everything to the left was written by its client.
        if !trusted.trusts(client) {
            break;
        }
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        client = address.to_canonical();
    }
    client
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn check(peer: &str, forwarded: &[&'static str], trusted: &[&str], expected: &str) {
        let address = |text: &&str| text.parse::<IpAddr>().expect("a written address");
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_static(value));
        }
        let trusted: Vec<IpAddr> = trusted.iter().map(address).collect();
        assert_eq!(client(address(&peer), &headers, &TrustedProxies::new(&trusted)), address(&expected));
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        check("192.0.2.1", &["203.0.113.9"], &[], "192.0.2.1");
        check("192.0.2.1", &["203.0.113.9"], &["192.0.2.1"], "203.0.113.9");
        check("::ffff:192.0.2.1", &["203.0.113.9"], &["192.0.2.1"], "203.0.113.9");
        check("192.0.2.1", &["1.1.1.1, 203.0.113.9"], &["192.0.2.1"], "203.0.113.9");
        check("192.0.2.1", &["203.0.113.9, 192.0.2.2"], &["192.0.2.1", "192.0.2.2"], "203.0.113.9");
        check("192.0.2.1", &["203.0.113.9", "192.0.2.2"], &["192.0.2.1", "192.0.2.2"], "203.0.113.9");
        check("192.0.2.1", &["203.0.113.9, nonsense"], &["192.0.2.1"], "192.0.2.1");
    }
}
