//! Undoes encodings that hide a text: base64, hex, percent and unicode escapes, UTF-16.
//!
//! Each decoder takes bytes of any origin, never fails loudly, and returns at most as many bytes as it was given.

mod alphabet;
mod escape;
pub(crate) mod utf16;

pub use utf16::decode as decode_utf16;

/// Returns what `run` may say, each with the name of its encoding: only texts, never binary data.
pub fn decode(run: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut texts = Vec::new();
    if let Some(text) = alphabet::hex(run) {
        texts.push(("hex", text));
    } else if let Some((name, text)) = alphabet::base64(run) {
        texts.push((name, text));
    }
    if let Some((name, text)) = escape::unescape(run) {
        texts.push((name, text));
    }
    texts
}

/// Says whether `bytes` read as text: no control characters but white space, and no byte outside of ASCII.
fn is_text(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|&byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t'))
}

#[cfg(test)]
mod tests;
