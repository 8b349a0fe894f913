//! JSON web tokens.

use serde_json::{Map, Value};

use super::{Verdict, base, crc::holds};

/// Header with `alg`, an object of claims, and a signature whose length fits the algorithm (RFC 7515, RFC 7518).
pub(super) fn verdict(secret: &[u8]) -> Verdict {
    holds(is_jwt(secret))
}

/// Returns whether `text` is a signed or encrypted JSON web token.
pub(crate) fn is_jwt(text: &[u8]) -> bool {
    let parts: Vec<&[u8]> = text.split(|byte| *byte == b'.').collect();
    let object = |part: &[u8]| -> Option<Map<String, Value>> { serde_json::from_slice(&base::decode_base64(part)?).ok() };
    let Some(header) = parts.first().and_then(|part| object(part)) else {
        return false;
    };
    let Some(algorithm) = header.get("alg").and_then(Value::as_str) else {
        return false;
    };
    match parts.as_slice() {
        [_, claims, signature] => {
            object(claims).is_some() && base::decode_base64(signature).is_some_and(|bytes| signature_fits(algorithm, bytes.len()))
        }
        // Encrypted: header, key, vector, text, tag.
        [_, _, _, text, _] => header.contains_key("enc") && !text.is_empty(),
        _ => false,
    }
}

fn signature_fits(algorithm: &str, bytes: usize) -> bool {
    match algorithm {
        "HS256" => bytes == 32,
        "HS384" => bytes == 48,
        "HS512" => bytes == 64,
        "ES256" | "EdDSA" => bytes == 64,
        "ES384" => bytes == 96,
        "ES512" => bytes == 132,
        "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" => bytes >= 128,
        "none" => bytes == 0,
        _ => bytes >= 16,
    }
}
