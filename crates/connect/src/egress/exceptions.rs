//! What the operator permits beyond the public internet: targets on the own premises.

use std::net::IpAddr;

use thiserror::Error;

use super::address::{within_v4, within_v6};

/// The operator's exceptions; none by default.
#[derive(Clone, Default, Debug)]
pub struct Exceptions {
    /// Hosts whose addresses are not checked.
    hosts: Vec<String>,
    /// Hosts, with a port where one was given, to which plain HTTP is spoken.
    plain: Vec<(String, Option<u16>)>,
    /// Networks that are permitted whatever they are.
    networks: Vec<(IpAddr, u32)>,
}

/// An exception that cannot be understood.
#[derive(Debug, Error)]
#[error("`{text}` is no exception: write a host (jira.corp.example), a network (10.2.0.0/16), or http:// with a host and port")]
pub struct ExceptionError {
    text: String,
}

impl Exceptions {
    /// Reads exceptions as the operator writes them: `jira.corp.example` (its addresses are not checked),
    /// `10.2.0.0/16` or `fd00:1::/32` (addresses that are permitted), `http://tool.corp.example:8080` (a host
    /// to which plain HTTP is spoken; without a port, to any).
    ///
    /// # Errors
    /// Names the entry that cannot be understood.
    pub fn parse<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<Self, ExceptionError> {
        let mut exceptions = Self::default();
        for text in entries {
            exceptions.add(text.trim()).ok_or_else(|| ExceptionError { text: text.to_owned() })?;
        }
        Ok(exceptions)
    }

    fn add(&mut self, text: &str) -> Option<()> {
        if let Some(rest) = text.strip_prefix("http://") {
            let url = reqwest::Url::parse(&format!("http://{}", rest.trim_end_matches('/'))).ok()?;
            let plain = url.path() == "/" && url.query().is_none() && url.username().is_empty();
            let host = url.host_str().filter(|_| plain)?.to_owned();
            let port = rest
                .trim_end_matches('/')
                .rsplit_once(':')
                .filter(|(_, port)| !port.contains(']'))
                .and(Some(url.port_or_known_default()?));
            self.hosts.push(host.clone());
            self.plain.push((host, port));
        } else if let Some((network, bits)) = text.split_once('/') {
            let network: IpAddr = network.parse().ok()?;
            let most = if network.is_ipv4() { 32 } else { 128 };
            self.networks.push((network, bits.parse().ok().filter(|bits| *bits <= most)?));
        } else if let Ok(address) = text.trim_matches(['[', ']']).parse::<IpAddr>() {
            self.networks.push((address, if address.is_ipv4() { 32 } else { 128 }));
        } else {
            let url = reqwest::Url::parse(&format!("https://{text}/")).ok()?;
            self.hosts.push(url.host_str().filter(|_| url.port().is_none() && !text.is_empty())?.to_owned());
        }
        Some(())
    }

    /// Says whether a host's addresses go unchecked.
    pub(super) fn names(&self, host: &str) -> bool {
        self.hosts.iter().any(|named| named == host)
    }

    /// Says whether plain HTTP may be spoken to a host and port.
    pub(super) fn permits_plain(&self, host: &str, port: u16) -> bool {
        self.plain.iter().any(|(named, only)| named == host && only.is_none_or(|only| only == port))
    }

    /// Says whether an address is permitted whatever it is.
    pub(super) fn permits(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|(network, bits)| within(address, *network, *bits))
    }
}

fn within(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => within_v4(address, network, bits),
        (IpAddr::V6(address), IpAddr::V6(network)) => within_v6(address, network, bits),
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_networks_and_plain_hosts_are_told_apart() {
        let entries =
            ["jira.corp.example", "10.2.0.0/16", "fd00:1::/32", "http://tool.example:8080", "http://any.example", "192.168.1.7"];
        let exceptions = Exceptions::parse(entries).expect("all are written as they should be");
        assert!(exceptions.names("jira.corp.example") && !exceptions.names("corp.example"));
        let permits = |text: &str| exceptions.permits(text.parse().expect("a written address"));
        assert!(permits("10.2.255.1") && !permits("10.3.0.1") && permits("fd00:1::9") && !permits("fd00:2::9"));
        assert!(permits("192.168.1.7") && !permits("192.168.1.8"));
        assert!(exceptions.permits_plain("tool.example", 8080) && !exceptions.permits_plain("tool.example", 80));
        assert!(exceptions.permits_plain("any.example", 80) && exceptions.permits_plain("any.example", 9000));
        assert!(!exceptions.permits_plain("jira.corp.example", 80));
    }

    #[test]
    fn what_cannot_be_understood_is_named() {
        for text in ["", "10.0.0.0/33", "ten/8", "http://", "http://a.example/path", "a.example:80", "https://a.example"] {
            let error = Exceptions::parse([text]).expect_err(text);
            assert!(error.to_string().contains(&format!("`{text}`")));
        }
    }
}
