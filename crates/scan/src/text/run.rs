//! Finds runs of characters that may be an encoding of something else.

use memchr::memchr2_iter;
use std::ops::Range;

/// Runs shorter than this hide no value worth decoding.
pub(crate) const RUN_BYTES_MIN: usize = 32;
/// Longer runs are embedded files, which are not text.
pub(crate) const RUN_BYTES_MAX: usize = 64 * 1024;
/// A run with escapes is short: a URL, a line of a string.
const ESCAPED_BYTES_MAX: usize = 4096;
/// A run of a base64 or hex alphabet this long holds an aligned block of this size.
const BLOCK: usize = 16;

/// Appends the runs that intersect `range` of `text`: of the base64 alphabets (hex is a part of them), or of anything
/// without spaces and quotes that holds percent or backslash escapes.
pub(crate) fn find_runs(text: &[u8], range: Range<usize>, runs: &mut Vec<(u32, u32)>) {
    alphabet_runs(text, range.clone(), runs);
    // The escape that gives a run away may stand anywhere in it.
    let start = range.start.saturating_sub(ESCAPED_BYTES_MAX);
    let end = (range.end + ESCAPED_BYTES_MAX).min(text.len());
    escaped_runs(text, start..end, runs);
}

fn alphabet_runs(text: &[u8], range: Range<usize>, runs: &mut Vec<(u32, u32)>) {
    // A run that only touches the range may have its aligned block outside of it.
    let first = range.start.saturating_sub(RUN_BYTES_MIN) / BLOCK * BLOCK;
    let last = (range.end + RUN_BYTES_MIN).min(text.len());
    let mut at = first;
    while at + BLOCK <= last {
        let block = text.get(at..at + BLOCK).and_then(|block| <&[u8; BLOCK]>::try_from(block).ok());
        if !block.is_some_and(all_in_alphabet) {
            at += BLOCK;
            continue;
        }
        // Counting stops beyond the longest run: what is longer is none, wherever the count began.
        let head = text.get(..at).unwrap_or_default().iter().rev().take(RUN_BYTES_MAX + 1);
        let start = at - head.take_while(|&&byte| in_alphabet(byte)).count();
        let tail = text.get(at..).unwrap_or_default().iter().take(RUN_BYTES_MAX + 1);
        let body = tail.take_while(|&&byte| in_alphabet(byte)).count();
        let padding = text.get(at + body..).map_or(0, |tail| tail.iter().take(2).take_while(|&&byte| byte == b'=').count());
        let end = at + body + padding;
        if (RUN_BYTES_MIN..=RUN_BYTES_MAX).contains(&(end - start)) && start <= range.end && end >= range.start {
            push(start, end, runs);
        }
        at = (end / BLOCK + 1) * BLOCK;
    }
}

fn escaped_runs(text: &[u8], range: Range<usize>, runs: &mut Vec<(u32, u32)>) {
    let mut done = 0;
    let Some(part) = text.get(range.clone()) else {
        return;
    };
    for at in memchr2_iter(b'%', b'\\', part) {
        let at = range.start + at;
        if at < done || !escape_at(text, at) {
            continue;
        }
        let head = text.get(at.saturating_sub(ESCAPED_BYTES_MAX)..at).unwrap_or_default();
        let start = at - head.iter().rev().take_while(|&&byte| !ends_escaped(byte)).count();
        let tail = text.get(at..(at + ESCAPED_BYTES_MAX + 1).min(text.len())).unwrap_or_default();
        let end = at + tail.iter().take_while(|&&byte| !ends_escaped(byte)).count();
        done = end;
        if (8..=ESCAPED_BYTES_MAX).contains(&(end - start)) && escapes(text.get(start..end).unwrap_or_default()) >= 2 {
            push(start, end, runs);
        }
    }
}

fn push(start: usize, end: usize, runs: &mut Vec<(u32, u32)>) {
    if let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(end)) {
        runs.push((start, end));
    }
}

fn escapes(run: &[u8]) -> usize {
    memchr2_iter(b'%', b'\\', run).filter(|&at| escape_at(run, at)).take(2).count()
}

/// Says whether `%41`, `\x41` or `\u0041` stands at `at`.
fn escape_at(text: &[u8], at: usize) -> bool {
    let hex =
        |from: usize, to: usize| text.get(at + from..at + to).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    match (text.get(at), text.get(at + 1)) {
        (Some(b'%'), _) => hex(1, 3),
        (Some(b'\\'), Some(b'x')) => hex(2, 4),
        (Some(b'\\'), Some(b'u')) => hex(2, 6),
        _ => false,
    }
}

/// Which bytes stand in base64, base64url or hex.
const ALPHABET: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
        byte += 1;
    }
    table
};

/// Without branches, so that the compiler takes all bytes of a block at once.
#[inline]
fn all_in_alphabet(block: &[u8; BLOCK]) -> bool {
    let inside = |byte: u8| {
        let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
        let digit = byte.wrapping_sub(b'0') < 10;
        let sign = (byte == b'+') | (byte == b'/') | (byte == b'-') | (byte == b'_');
        u8::from(letter | digit | sign)
    };
    block.iter().fold(1, |all, &byte| all & inside(byte)) != 0
}

#[inline]
fn in_alphabet(byte: u8) -> bool {
    ALPHABET[usize::from(byte)]
}

fn ends_escaped(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>') || byte == 0x7f
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_judged_like_its_bytes() {
        for byte in 0..=u8::MAX {
            for at in 0..BLOCK {
                let mut block = [b'a'; BLOCK];
                block[at] = byte;
                assert_eq!(all_in_alphabet(&block), in_alphabet(byte), "{byte}");
            }
        }
    }
}
