//! PEM armour.

use super::{Verdict, base};

/// The lines between the armour are base64 of what the label announces. Escaped line ends (`\n` as two bytes) are read
/// as line ends. Sources: RFC 7468, and `PROTOCOL.key` of OpenSSH.
pub(super) fn verdict(secret: &[u8]) -> Verdict {
    let Some((label, body)) = body_of(secret) else {
        return Verdict::Broken;
    };
    let encrypted_headers = memchr::memmem::find(&body, b"Proc-Type:").is_some();
    let is_pgp = memchr::memmem::find(&label, b"PGP").is_some();
    let text: Vec<u8> = digits_of(&body, is_pgp);
    if text.len() < 48 {
        return Verdict::Broken;
    }
    let Some(bytes) = base::decode_base64(&text) else {
        return Verdict::Broken;
    };
    // Before the look for placeholders: the names and lengths of a key without passphrase are a long run of `A`.
    if memchr::memmem::find(&label, b"OPENSSH").is_some() && bytes.starts_with(b"openssh-key-v1\0") {
        let tail = text.get(text.len().saturating_sub(48)..).unwrap_or_default();
        let is_key = bytes.len() >= 128 && crate::rule::shannon_bits(&bytes) > 4.5 && !crate::rule::is_placeholder(tail);
        return if is_key { Verdict::Holds } else { Verdict::Broken };
    }
    if crate::rule::is_placeholder(text.get(..48).unwrap_or_default()) && !der_fits(&bytes) {
        return Verdict::Broken;
    }
    if memchr::memmem::find(&label, b"OPENSSH").is_some() {
        return or_silent(false, &bytes);
    }
    if is_pgp {
        // A secret-key packet: new format tag 5 (0xc5) or old format tag 5 (0x94 to 0x97).
        return or_silent(bytes.first().is_some_and(|first| matches!(first, 0xc5 | 0x94..=0x97)), &bytes);
    }
    if encrypted_headers || memchr::memmem::find(&label, b"SSH2").is_some() {
        return Verdict::Silent;
    }
    or_silent(der_fits(&bytes), &bytes)
}

/// A damaged or re-wrapped key of full size is still a leak, only no certain one.
fn or_silent(fits: bool, bytes: &[u8]) -> Verdict {
    if fits {
        Verdict::Holds
    } else if bytes.len() >= 64 && crate::rule::shannon_bits(bytes) > 4.5 {
        Verdict::Silent
    } else {
        Verdict::Broken
    }
}

/// Returns the label and what stands between the armour lines, escaped line ends undone.
fn body_of(secret: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let start = memchr::memmem::find(secret, b"BEGIN ")? + 6;
    let rest = secret.get(start..)?;
    let label_end = memchr::memmem::find(rest, b"--")?;
    let label = rest.get(..label_end)?.to_vec();
    let after = rest.get(label_end..)?;
    let after = after.get(after.iter().position(|byte| *byte != b'-')?..)?;
    let body_end = memchr::memmem::find(after, b"---")?;
    let mut body = after.get(..body_end)?.to_vec();
    for mark in [&br"\r"[..], br"\n", br"\t", br"\u000a"] {
        while let Some(at) = memchr::memmem::find(&body, mark) {
            body.splice(at..at + mark.len(), *b"\n");
        }
    }
    Some((label, body))
}

/// Returns the base64 digits of the body: header lines (`Name: value`), what joins and quotes lines of a program, marks of
/// comments and the PGP checksum left out.
fn digits_of(body: &[u8], is_pgp: bool) -> Vec<u8> {
    let lines: Vec<&[u8]> = body.split(|byte| matches!(byte, b'\n' | b'\r')).collect();
    // What stands before the last armour line stands before every line: the mark of a comment or of a patch.
    let mark = lines.last().copied().unwrap_or_default();
    let mark = mark.trim_ascii_end();
    let mark = if mark.iter().any(u8::is_ascii_alphanumeric) { &b""[..] } else { mark };
    lines
        .iter()
        .filter(|line| !(line.contains(&b':') || is_pgp && line.trim_ascii().starts_with(b"=")))
        .flat_map(|line| joined(line.strip_prefix(mark).unwrap_or(line)))
        .copied()
        .filter(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
        .collect()
}

/// A line without the `+` that joins it to its neighbours: one apart from its digits, by a blank or a quote.
fn joined(line: &[u8]) -> &[u8] {
    let is_edge = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`,;.()<>\\".contains(byte);
    let mut line = line;
    loop {
        line = match line {
            [b'+'] => &[],
            [b'+', next, ..] if is_edge(next) => &line[1..],
            [.., last, b'+'] if is_edge(last) => &line[..line.len() - 1],
            [first, ..] if is_edge(first) => &line[1..],
            [.., last] if is_edge(last) => &line[..line.len() - 1],
            _ => return line,
        };
    }
}

/// Returns whether `bytes` are one DER sequence of the length that it states.
fn der_fits(bytes: &[u8]) -> bool {
    let (header, length) = match bytes {
        [0x30, length @ 0..=0x7f, ..] => (2, usize::from(*length)),
        [0x30, 0x81, length, ..] => (3, usize::from(*length)),
        [0x30, 0x82, high, low, ..] => (4, usize::from(*high) << 8 | usize::from(*low)),
        _ => return false,
    };
    // One to three bytes more may come from a stray base64 digit.
    bytes.len() >= header + length && bytes.len() <= header + length + 3
}
