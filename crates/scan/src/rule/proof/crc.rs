//! CRC-32 written at the end of a token.

use super::Verdict;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Returns `value` in base 62, at least `width` digits.
/// Source: <https://github.blog/engineering/behind-githubs-new-authentication-token-formats/>.
pub(crate) fn base62(mut value: u32, width: usize) -> Vec<u8> {
    let mut digits = Vec::with_capacity(width);
    while value > 0 || digits.len() < width {
        digits.push(DIGITS.get((value % 62) as usize).copied().unwrap_or(b'0'));
        value /= 62;
    }
    digits.reverse();
    digits
}

pub(super) fn base62_tail(secret: &[u8], skip: usize, digits: usize) -> Verdict {
    let Some((body, tail)) = secret.len().checked_sub(digits).and_then(|at| secret.split_at_checked(at)) else {
        return Verdict::Broken;
    };
    let Some(body) = body.get(skip..) else {
        return Verdict::Broken;
    };
    holds(base62(crc32fast::hash(body), digits) == tail)
}

pub(super) fn hex_tail(secret: &[u8], skip: usize, gap: usize) -> Verdict {
    let Some((body, tail)) = secret.len().checked_sub(8).and_then(|at| secret.split_at_checked(at)) else {
        return Verdict::Broken;
    };
    let covered = body.len().checked_sub(gap).and_then(|end| body.get(skip..end));
    let Some(covered) = covered else {
        return Verdict::Broken;
    };
    holds(format!("{:08x}", crc32fast::hash(covered)).as_bytes().eq_ignore_ascii_case(tail))
}

pub(super) fn holds(condition: bool) -> Verdict {
    if condition { Verdict::Holds } else { Verdict::Broken }
}
