//! Base64 and hex.

use super::is_text;

/// How many decoded bytes must read as text before the rest is decoded.
const PROBE_BYTES: usize = 12;

/// Decodes a run of hex digits, of even length and with a text in it.
pub(super) fn hex(run: &[u8]) -> Option<Vec<u8>> {
    if run.len() < 2 * PROBE_BYTES || !run.len().is_multiple_of(2) {
        return None;
    }
    let digits = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    let head: Option<Vec<u8>> = run.chunks(2).take(PROBE_BYTES).map(digits).collect();
    if !is_text(&head?) {
        return None;
    }
    let text: Option<Vec<u8>> = run.chunks(2).map(digits).collect();
    text.filter(|text| is_text(text))
}

/// Decodes a run of base64 in its standard or URL alphabet, with or without padding, and tells which.
pub(super) fn base64(run: &[u8]) -> Option<(&'static str, Vec<u8>)> {
    let end = run.iter().rposition(|&byte| byte != b'=').map_or(0, |at| at + 1);
    let run = run.get(..end)?;
    let url = run.iter().any(|byte| matches!(byte, b'-' | b'_'));
    if run.len() % 4 == 1 || (url && run.iter().any(|byte| matches!(byte, b'+' | b'/'))) {
        return None;
    }
    let head = sextets(run.get(..PROBE_BYTES / 3 * 4)?)?;
    if !is_text(&head) {
        return None;
    }
    let text = sextets(run)?;
    is_text(&text).then_some((if url { "base64url" } else { "base64" }, text))
}

/// Reads either alphabet; the caller has ruled out a mixture.
fn sextets(run: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::with_capacity(run.len() / 4 * 3 + 3);
    for group in run.chunks(4) {
        let mut bits = 0_u32;
        for &byte in group {
            bits = bits << 6 | u32::from(sextet(byte)?);
        }
        bits <<= 6 * (4 - group.len());
        let bytes = bits.to_be_bytes();
        text.extend_from_slice(bytes.get(1..group.len())?);
    }
    Some(text)
}

fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

pub(super) fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}
