//! Percent-encoding, as addresses and the headers of CloudEvents have it.

use watchfire_core::text;

/// Decodes `%20` and the like; `None` if a sign is cut short or is no hex, or what comes out is not UTF-8.
pub(crate) fn percent_decoded(encoded: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte == b'%' {
            let (digits, after) = after.split_at_checked(2)?;
            bytes.push(*text::unhex(std::str::from_utf8(digits).ok()?)?.first()?);
            rest = after;
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}
