//! NATS keys.

use super::{Verdict, base, crc::holds};

/// Base 32 whose last two bytes are the CRC-16 (XMODEM), low byte first, of the rest; a seed has 36 bytes.
/// Source: <https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth>.
pub(super) fn verdict(secret: &[u8]) -> Verdict {
    let Some(bytes) = base::decode_base32(secret) else {
        return Verdict::Broken;
    };
    let Some((body, tail)) = bytes.len().checked_sub(2).and_then(|at| bytes.split_at_checked(at)) else {
        return Verdict::Broken;
    };
    holds(crc16(body).to_le_bytes() == tail)
}

pub(crate) fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ (u16::from(*byte) << 8), |sum, _| if sum & 0x8000 == 0 { sum << 1 } else { (sum << 1) ^ 0x1021 })
    })
}
