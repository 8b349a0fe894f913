//! GitLab's routable tokens.

use super::{Verdict, crc::holds};

/// `PREFIX-PAYLOAD.VV.LLccccccc`: version, payload length and CRC-32 of everything before it, in base 36.
/// Source: <https://handbook.gitlab.com/handbook/engineering/architecture/design-documents/cells/routable_tokens/>.
pub(super) fn routable(secret: &[u8]) -> Verdict {
    if !secret.contains(&b'.') {
        return Verdict::Silent;
    }
    let Some((covered, tail)) = secret.len().checked_sub(7).and_then(|at| secret.split_at_checked(at)) else {
        return Verdict::Broken;
    };
    let expected = base36(crc32fast::hash(covered), 7);
    holds(expected == tail)
}

pub(crate) fn base36(mut value: u32, width: usize) -> Vec<u8> {
    let mut digits = Vec::with_capacity(width);
    while value > 0 || digits.len() < width {
        digits.push(char::from_digit(value % 36, 36).map_or(b'0', |digit| digit as u8));
        value /= 36;
    }
    digits.reverse();
    digits
}
