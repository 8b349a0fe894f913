//! CRC-32 written at the end of a token.

use super::{Verdict, base58};

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

/// Returns `value` in base 58, six digits.
pub(crate) fn base58_digits(mut value: u32) -> [u8; 6] {
    let mut digits = [b'1'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = base58::DIGITS.get((value % 58) as usize).copied().unwrap_or(b'1');
        value /= 58;
    }
    digits
}

/// Castagnoli's polynomial, its lowest bit first (RFC 3720, B.4).
const CASTAGNOLI: u32 = 0x82f6_3b78;

/// Returns the CRC-32C of a short text, bit by bit.
pub(crate) fn crc32c(text: &[u8]) -> u32 {
    !text.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 0 { sum >> 1 } else { (sum >> 1) ^ CASTAGNOLI })
    })
}

/// Source: <https://github.com/unkeyed/unkey/blob/main/internal/services/keys/create_v1.go>.
pub(super) fn base58_tail(secret: &[u8]) -> Verdict {
    let parts = secret.len().checked_sub(6).and_then(|at| secret.split_at_checked(at));
    holds(parts.is_some_and(|(body, tail)| base58_digits(crc32c(body)) == tail))
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

/// Returns `sum` in eight hex digits, its low byte first when asked for.
pub(crate) fn hex(sum: u32, low_first: bool) -> String {
    format!("{:08x}", if low_first { sum.swap_bytes() } else { sum })
}

pub(super) fn hex_tail(secret: &[u8], skip: usize, gap: usize, low_first: bool) -> Verdict {
    let Some((body, tail)) = secret.len().checked_sub(8).and_then(|at| secret.split_at_checked(at)) else {
        return Verdict::Broken;
    };
    let covered = body.len().checked_sub(gap).and_then(|end| body.get(skip..end));
    let Some(covered) = covered else {
        return Verdict::Broken;
    };
    holds(hex(crc32fast::hash(covered), low_first).as_bytes().eq_ignore_ascii_case(tail))
}

pub(super) fn holds(condition: bool) -> Verdict {
    if condition { Verdict::Holds } else { Verdict::Broken }
}
