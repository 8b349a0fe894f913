//! Reads a value: in quotes, bare, or behind a wrapper that hands its text on unchanged.

use std::ops::Range;

use super::FileKind;

/// A value's place.
pub(super) struct Found {
    pub(super) range: Range<usize>,
    pub(super) quoted: bool,
    /// Whether it stands behind `||`, `??`, `or`: what is used when the environment has none.
    pub(super) fallback: bool,
}

/// Calls and prefixes whose text argument is the value itself.
const WRAPPERS: &[&[u8]] = &[
    b"String::from(",
    b"Some(",
    b"new String(",
    b"string(",
    b"std::string(",
    b"Buffer.from(",
    b"[]byte(",
    b"bytes(",
    b"SecretString::new(",
    b"Secret::new(",
    b"SecretString::from(",
    b"SecretStr(",
    b"str(",
    b"Base64.decode(",
    b"b64decode(",
    b"base64.b64decode(",
    b"atob(",
    b"base64decode(",
    b"TEXT(",
    b"_T(",
    b"@",
    b"b",
    b"r",
    b"u",
    b"L",
    b"N",
    b"f",
    b"br",
    b"rb",
    b"u8",
    b"&",
    b"(",
    b"[",
    b"{",
    b"!!str ",
    b"!!binary ",
];
const FALLBACKS: &[&[u8]] = &[b"||", b"??", b" or ", b"?:"];

/// Returns the value that starts at `range.start` and ends within `range`.
pub(super) fn read(text: &[u8], range: Range<usize>, kind: FileKind, bare: bool) -> Option<Found> {
    let rest = text.get(range.clone())?;
    if let Some(found) = quoted(text, range.clone()) {
        return Some(Found { range: found, quoted: true, fallback: false });
    }
    for wrapper in WRAPPERS {
        if rest.starts_with(wrapper)
            && let Some(found) = quoted(text, range.start + wrapper.len()..range.end)
            // A text with braces is put together when the program runs.
            && !(*wrapper == b"f" && text.get(found.clone()).is_some_and(|value| value.contains(&b'{')))
        {
            return Some(Found { range: found, quoted: true, fallback: false });
        }
    }
    if let Some(found) = FALLBACKS.iter().find_map(|sign| {
        let at = memchr::memmem::find(rest, sign)? + sign.len();
        let blanks = rest.get(at..)?.iter().take_while(|byte| **byte == b' ').count();
        quoted(text, range.start + at + blanks..range.end)
    }) {
        return Some(Found { range: found, quoted: true, fallback: true });
    }
    if !bare {
        return None;
    }
    let found = plain(text, range, kind)?;
    Some(Found { range: found, quoted: false, fallback: false })
}

/// Returns what stands before the first of `ends` in the range; `None` when that is nothing.
pub(super) fn until(text: &[u8], range: Range<usize>, ends: &[u8]) -> Option<Range<usize>> {
    let length = text.get(range.clone())?.iter().take_while(|byte| !ends.contains(byte)).count();
    (length > 0).then(|| range.start..range.start + length)
}

fn quoted(text: &[u8], range: Range<usize>) -> Option<Range<usize>> {
    let mut start = range.start;
    let escaped = text.get(start) == Some(&b'\\');
    if escaped {
        start += 1;
    }
    let quote = *text.get(start).filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))?;
    start += 1;
    // Three quotes open a long text; two are an empty one.
    if text.get(start..start + 2) == Some(&[quote, quote]) {
        start += 2;
    }
    let mut at = start;
    while at < range.end {
        match text.get(at)? {
            b'\\' if escaped && text.get(at + 1) == Some(&quote) => break,
            b'\\' => at += 1,
            byte if *byte == quote => break,
            _ => {}
        }
        at += 1;
    }
    // `"\"value\""` of a build script: the inner quotes are not the value's.
    let inner = text.get(start..at)?;
    if at >= start + 5 && inner.starts_with(b"\\\"") && inner.ends_with(b"\\\"") && at < range.end {
        return Some(start + 2..at - 2);
    }
    (at < range.end && at > start).then_some(start..at)
}

fn plain(text: &[u8], range: Range<usize>, kind: FileKind) -> Option<Range<usize>> {
    let rest = text.get(range.clone())?;
    let stops: &[u8] = match kind {
        FileKind::Shell | FileKind::Dockerfile => b" \t\r;|&<>\"'`)",
        FileKind::Yaml => b" \t\r,}]\"'",
        FileKind::Docs | FileKind::Unknown => b" \t\r\"'`<>,;)",
        FileKind::Env => b" \t\r\"'",
        // An ini value may hold anything but blanks; what follows a blank must be a comment.
        FileKind::Ini | FileKind::Npmrc => b" \t\r\"",
        _ => b" \t\r,;}])\"'`",
    };
    let length = rest.iter().take_while(|byte| !stops.contains(byte)).count();
    let after = rest.get(length..)?.trim_ascii();
    let ended = after.is_empty()
        || matches!(kind, FileKind::Shell | FileKind::Dockerfile | FileKind::Docs | FileKind::Unknown)
        || matches!(after.first(), Some(b'#' | b';' | b',' | b'}' | b']' | b'/' | b'"' | b'\''));
    // Inventories hold several pairs on a line.
    let ended = ended || matches!(kind, FileKind::Ini | FileKind::Env) && after.contains(&b'=');
    let mut end = length;
    while end > 0 && rest.get(end - 1).is_some_and(|byte| matches!(byte, b',' | b';')) {
        end -= 1;
    }
    (ended && end > 0).then(|| range.start..range.start + end)
}
