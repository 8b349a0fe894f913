//! An address as text, taken apart and checked.

use std::net::IpAddr;

use reqwest::Url;

use super::address::forbidden;
use super::{EgressError, Exceptions, Hosts};

/// Longer addresses are nobody's.
const URL_BYTES: usize = 4_096;

/// Reads an address and checks scheme, user part and host, and the address where the host is one.
///
/// The WHATWG rules read `0x7f.1`, `2130706433` and full-width digits as the addresses they mean, and those are
/// checked; a name is checked again when it has been resolved.
pub(super) fn check(text: &str, hosts: &Hosts, exceptions: &Exceptions) -> Result<Url, EgressError> {
    let wrong = |reason: &'static str| EgressError::Url { reason };
    if text.len() > URL_BYTES {
        return Err(wrong("longer than 4,096 bytes"));
    }
    if text.chars().any(|character| character.is_control() || character == ' ' || character == '\\') {
        return Err(wrong("holds a blank, a backslash or a control character"));
    }
    let url = Url::parse(text).map_err(|_| wrong("not an absolute address"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("holds a user name or password"));
    }
    let bracketed = url.host_str().filter(|host| !host.is_empty()).ok_or(wrong("has no host"))?;
    let port = url.port_or_known_default().ok_or(wrong("has no port"))?;
    let host = bracketed.trim_matches(['[', ']']).trim_end_matches('.').to_owned();
    match url.scheme() {
        "https" => {}
        "http" if exceptions.permits_plain(&host, port) => {}
        "http" => return Err(EgressError::Plain { host }),
        _ => return Err(wrong("not https")),
    }
    if !hosts.allow(&host) {
        return Err(EgressError::Host { host });
    }
    if let Ok(address) = host.parse::<IpAddr>()
        && let Some(what) = forbidden(address)
        && !exceptions.names(&host)
        && !exceptions.permits(address)
    {
        return Err(EgressError::Address { host, what });
    }
    Ok(url)
}
