//! Percent and backslash escapes.

use super::alphabet::digit;
use super::is_text;

/// Undoes the escapes of a run; `None` when it has none or they hide no text.
pub(super) fn unescape(run: &[u8]) -> Option<(&'static str, Vec<u8>)> {
    let mut text = Vec::with_capacity(run.len());
    let (mut at, mut percents, mut escapes) = (0, 0_usize, 0_usize);
    while let Some(&byte) = run.get(at) {
        let (value, width) = match (byte, run.get(at + 1)) {
            (b'%', _) => (number(run, at + 1, 2), 3),
            (b'\\', Some(b'x')) => (number(run, at + 2, 2), 4),
            (b'\\', Some(b'u')) => (number(run, at + 2, 4), 6),
            _ => (None, 1),
        };
        match value.and_then(|value| u8::try_from(value).ok()) {
            Some(plain) => {
                text.push(plain);
                at += width;
                if byte == b'%' {
                    percents += 1;
                } else {
                    escapes += 1;
                }
            }
            None => {
                text.push(byte);
                at += 1;
            }
        }
    }
    let name = match (percents, escapes) {
        (0, 0) => return None,
        (percents, escapes) if percents >= escapes => "percent",
        _ => "unicode-escape",
    };
    is_text(&text).then_some((name, text))
}

fn number(run: &[u8], at: usize, digits: usize) -> Option<u32> {
    run.get(at..at + digits)?.iter().try_fold(0_u32, |value, &byte| Some(value << 4 | u32::from(digit(byte)?)))
}
