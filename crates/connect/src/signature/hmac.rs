//! HMAC-SHA-256 over the raw bytes.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use watchfire_core::text;

/// Tells whether `tag` is the HMAC-SHA-256 of `parts`, one after the other, under any of the secrets.
///
/// The comparison takes the same time whatever the tag. An empty secret never matches.
pub(crate) fn mac_matches(secrets: &[&[u8]], parts: &[&[u8]], tag: &[u8]) -> bool {
    secrets.iter().filter(|secret| !secret.is_empty()).filter_map(|secret| Hmac::<Sha256>::new_from_slice(secret).ok()).any(
        |mut mac| {
            for part in parts {
                mac.update(part);
            }
            mac.verify_slice(tag).is_ok()
        },
    )
}

/// Tells whether a header holds the HMAC in hex after `prefix`, such as `sha256=` (GitHub) or nothing (Sentry).
pub(crate) fn hex_signature_matches(secrets: &[&[u8]], body: &[u8], header: &str, prefix: &str) -> bool {
    header
        .strip_prefix(prefix)
        .filter(|hex| hex.len() == 64 && !hex.bytes().any(|byte| byte.is_ascii_uppercase()))
        .and_then(text::unhex)
        .is_some_and(|tag| mac_matches(secrets, &[body], &tag))
}
