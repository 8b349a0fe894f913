//! Decoding with bounds.

use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true);
const PLAIN: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
const URL: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);
/// Longest text that is decoded, in bytes.
const TEXT_BYTES_MAX: usize = 64 * 1024;

/// Returns base64 or base64url decoded, padded or not; `None` for other text and for texts over 64 KiB.
pub(crate) fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    if text.len() > TEXT_BYTES_MAX {
        return None;
    }
    let engine = if text.iter().any(|byte| matches!(byte, b'-' | b'_')) { &URL } else { &PLAIN };
    engine.decode(text).ok()
}

/// Returns upper-case base 32 without padding decoded, left-over bits dropped.
pub(super) fn decode_base32(text: &[u8]) -> Option<Vec<u8>> {
    let (mut bits, mut held) = (0_u32, 0_u32);
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    for byte in text {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'2'..=b'7' => byte - b'2' + 26,
            _ => return None,
        };
        held = (held << 5) | u32::from(digit);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

/// Returns the longest start of `text` in the base64 and base64url alphabets, padding left out.
pub(super) fn base64_start(text: &[u8]) -> &[u8] {
    let end = text
        .iter()
        .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')))
        .unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// Returns whether `bytes` are printable UTF-8 text.
pub(crate) fn looks_like_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| {
        !text.is_empty() && text.chars().all(|character| !character.is_control() || "\n\r\t".contains(character))
    })
}
