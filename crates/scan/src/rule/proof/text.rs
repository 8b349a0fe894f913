//! Base64 with known contents.

use super::{Verdict, base, crc::holds};

pub(super) fn json(secret: &[u8], skip: usize, until: Option<char>, keys: &[String]) -> Verdict {
    let rest = secret.get(skip..).unwrap_or_default();
    let rest = match until {
        Some(mark) => rest.split(|byte| char::from(*byte) == mark).next().unwrap_or_default(),
        None => rest,
    };
    let part = base::base64_start(rest);
    let Some(bytes) = base::decode_base64(part) else {
        return Verdict::Broken;
    };
    match serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&bytes) {
        Ok(object) => holds(keys.iter().all(|key| object.contains_key(key))),
        Err(_) => Verdict::Broken,
    }
}

pub(super) fn prefix(secret: &[u8], skip: usize, text: &[u8]) -> Verdict {
    let part = base::base64_start(secret.get(skip..).unwrap_or_default());
    // Four digits are three bytes: whole groups only, so that a cut token still decodes.
    let whole = part.len() - part.len() % 4;
    let bytes = part.get(..whole).and_then(base::decode_base64);
    holds(bytes.is_some_and(|bytes| bytes.starts_with(text)))
}

pub(super) fn digits(secret: &[u8], skip: usize) -> Verdict {
    let part = base::base64_start(secret.get(skip..).unwrap_or_default());
    let bytes = base::decode_base64(part).unwrap_or_default();
    holds(!bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit))
}

pub(super) fn length(secret: &[u8], skip: usize, lengths: &[usize]) -> Verdict {
    let bytes = base::decode_base64(secret.get(skip..).unwrap_or_default());
    if bytes.is_some_and(|bytes| lengths.contains(&bytes.len())) { Verdict::Silent } else { Verdict::Broken }
}

pub(super) fn basic_auth(secret: &[u8]) -> Verdict {
    let Some(bytes) = base::decode_base64(secret) else {
        return Verdict::Broken;
    };
    let parts = bytes.iter().position(|byte| *byte == b':').map(|at| bytes.split_at(at));
    let Some((user, password)) = parts else {
        return Verdict::Broken;
    };
    let password = password.get(1..).unwrap_or_default();
    if !base::looks_like_text(&bytes) || password.len() < 3 || (user.is_empty() && password.len() < 8) {
        return Verdict::Broken;
    }
    if crate::rule::is_placeholder(password) { Verdict::Broken } else { Verdict::Silent }
}
