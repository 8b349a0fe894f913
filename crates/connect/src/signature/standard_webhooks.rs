//! The Standard Webhooks scheme (<https://www.standardwebhooks.com>): HMAC-SHA-256 over id, time and body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use ring::signature::Ed25519KeyPair;
use sha2::Sha256;
use watchfire_core::source::{Delivery, Headers, Rejection};

use super::{mac_matches, unauthorized};

/// How far the sender's clock may be from ours, in seconds, either way.
pub const TOLERANCE_SECONDS: i64 = 300;
/// Signatures in one header; a sender has two while it changes its secret.
const SIGNATURES: usize = 8;

/// Tells whether a delivery claims to be signed in this way.
pub fn is_signed(headers: &Headers) -> bool {
    headers.get("webhook-signature").is_some()
}

/// Verifies a signed delivery; any `v1` signature under any of the secrets will do.
///
/// A secret may be given as `whsec_` and base64, as the standard writes it, or as the bytes themselves.
///
/// # Errors
/// [`Rejection::Unauthorized`] if a header is missing, the time is more than five minutes off, or no signature is right.
pub fn verify(delivery: &Delivery<'_>, secrets: &[&[u8]]) -> Result<(), Rejection> {
    let header = |name: &str| delivery.headers.get(name).ok_or_else(|| unauthorized(&format!("the header {name} is missing")));
    let id = header("webhook-id")?;
    let time = header("webhook-timestamp")?;
    let signatures = header("webhook-signature")?;
    let seconds: i64 = time.parse().map_err(|_| unauthorized("the header webhook-timestamp is no number of seconds"))?;
    let off = seconds.saturating_sub(delivery.received_at.as_second());
    if off.unsigned_abs() > TOLERANCE_SECONDS.unsigned_abs() {
        return Err(unauthorized(&format!(
            "the header webhook-timestamp is more than {TOLERANCE_SECONDS} seconds from our clock"
        )));
    }
    let keys: Vec<Vec<u8>> = secrets.iter().filter_map(|secret| key_bytes(secret)).collect();
    let keys: Vec<&[u8]> = keys.iter().map(Vec::as_slice).collect();
    let parts = [id.as_bytes(), b".", time.as_bytes(), b".", delivery.body];
    let right = signatures
        .split(' ')
        .take(SIGNATURES)
        .filter_map(|signature| signature.strip_prefix("v1,"))
        .filter_map(|base64| STANDARD.decode(base64).ok())
        .any(|tag| mac_matches(&keys, &parts, &tag));
    if right { Ok(()) } else { Err(unauthorized("no v1 signature in webhook-signature is right")) }
}

/// Returns the value of `webhook-signature` for a message of ours; `None` if the secret is not valid base64 after `whsec_`.
pub fn sign(secret: &[u8], id: &str, at: Timestamp, body: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key_bytes(secret)?).ok()?;
    mac.update(format!("{id}.{}.", at.as_second()).as_bytes());
    mac.update(body);
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// As [`sign`] with an Ed25519 key (signature `v1a`): `whsk_` and the base64 of the seed, or of seed and public key;
/// `None` if it is neither.
pub fn sign_with_key(secret: &str, id: &str, at: Timestamp, body: &[u8]) -> Option<String> {
    let bytes = STANDARD.decode(secret.strip_prefix("whsk_")?).ok()?;
    let pair = match bytes.split_at_checked(32)? {
        (seed, []) => Ed25519KeyPair::from_seed_unchecked(seed).ok()?,
        (seed, public) => Ed25519KeyPair::from_seed_and_public_key(seed, public).ok()?,
    };
    let mut message = format!("{id}.{}.", at.as_second()).into_bytes();
    message.extend_from_slice(body);
    Some(format!("v1a,{}", STANDARD.encode(pair.sign(&message))))
}

fn key_bytes(secret: &[u8]) -> Option<Vec<u8>> {
    match secret.strip_prefix(b"whsec_") {
        Some(base64) => STANDARD.decode(base64).ok().filter(|key| !key.is_empty()),
        None => Some(secret.to_vec()).filter(|key| !key.is_empty()),
    }
}
