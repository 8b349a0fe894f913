//! AWS access key ids.

use super::{Verdict, base};

/// Ids made since 2019 hold the account number: the first 48 bits of the base 32 body, less its first and last seven.
/// Older ids (`AKIAI`, `AKIAJ`) do not, so a number out of range is silent rather than broken.
/// Source: <https://awsteele.com/blog/2020/09/26/aws-access-key-format.html>.
pub(super) fn key_id(secret: &[u8]) -> Verdict {
    let Some(body) = secret.get(4..) else {
        return Verdict::Broken;
    };
    let Some(bytes) = base::decode_base32(body) else {
        return Verdict::Broken;
    };
    let account = bytes.iter().take(6).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    let account = (account & 0x7fff_ffff_ff80) >> 7;
    let old = matches!(body.first(), Some(b'I' | b'J'));
    if !old && account > 0 && account <= 999_999_999_999 { Verdict::Holds } else { Verdict::Silent }
}
