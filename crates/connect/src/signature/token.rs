//! Shared tokens in headers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq as _;
use watchfire_core::source::{Delivery, Keys, Rejection, Trust};

/// The header for senders that cannot set `Authorization`.
const OWN_HEADER: &str = "x-watchfire-token";

/// Verifies a shared token: `Authorization: Bearer`, the password of `Authorization: Basic`, `X-Watchfire-Token`, or
/// one of the vendor's own headers.
///
/// A source without a secret is believed as far as its unguessable address goes.
///
/// # Errors
/// [`Rejection::Unauthorized`] if there is a secret and the delivery does not carry it.
pub(crate) fn token(delivery: &Delivery<'_>, keys: &Keys<'_>, vendor_headers: &[&str]) -> Result<Trust, Rejection> {
    if keys.secrets.iter().all(|secret| secret.is_empty()) {
        return Ok(Trust::AddressOnly);
    }
    let mut given: Vec<Vec<u8>> = Vec::new();
    if let Some(value) = delivery.headers.get("authorization") {
        given.extend(from_authorization(value));
    }
    for name in vendor_headers.iter().chain(&[OWN_HEADER]) {
        given.extend(delivery.headers.get(name).map(|value| value.trim().as_bytes().to_vec()));
    }
    if given.is_empty() {
        return Err(unauthorized(
            "no token; send the source's secret as Authorization: Bearer, as the password of Authorization: Basic, or as X-Watchfire-Token",
        ));
    }
    if given.iter().any(|given| matches_any(keys.secrets, given)) {
        Ok(Trust::Token)
    } else {
        Err(unauthorized("the token is not this source's secret"))
    }
}

/// Tells in constant time whether a given credential is one of the valid ones; an empty one never is.
pub(crate) fn matches_any(valid: &[&[u8]], given: &[u8]) -> bool {
    valid.iter().fold(false, |matched, valid| matched | (!valid.is_empty() && bool::from(valid.ct_eq(given))))
}

/// Says why a delivery is not believed.
pub(crate) fn unauthorized(why: &str) -> Rejection {
    Rejection::Unauthorized(why.to_owned())
}

fn from_authorization(value: &str) -> Option<Vec<u8>> {
    let (scheme, credential) = value.trim().split_once(' ')?;
    let credential = credential.trim();
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" | "token" => Some(credential.as_bytes().to_vec()),
        "basic" => {
            let pair = STANDARD.decode(credential).ok()?;
            let colon = pair.iter().position(|byte| *byte == b':')?;
            pair.get(colon + 1..).map(<[u8]>::to_vec)
        }
        _ => None,
    }
}
