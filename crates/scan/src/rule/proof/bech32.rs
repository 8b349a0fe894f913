//! Bech32 strings.

use super::{Verdict, crc::holds};

const DIGITS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];

/// Source: <https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki>.
pub(super) fn verdict(secret: &[u8]) -> Verdict {
    let lower = secret.to_ascii_lowercase();
    let Some(at) = lower.iter().rposition(|byte| *byte == b'1') else {
        return Verdict::Broken;
    };
    let (human, rest) = lower.split_at(at);
    let values: Option<Vec<u8>> = rest.iter().skip(1).map(|byte| digit(*byte)).collect();
    let Some(values) = values else {
        return Verdict::Broken;
    };
    holds(checksum(human, &values) == 1)
}

fn digit(byte: u8) -> Option<u8> {
    DIGITS.iter().position(|digit| *digit == byte).and_then(|at| u8::try_from(at).ok())
}

pub(crate) fn checksum(human: &[u8], values: &[u8]) -> u32 {
    let spread = human.iter().map(|byte| byte >> 5).chain([0]).chain(human.iter().map(|byte| byte & 31));
    spread.chain(values.iter().copied()).fold(1, |sum, value| {
        let top = sum >> 25;
        let shifted = ((sum & 0x01ff_ffff) << 5) ^ u32::from(value);
        GENERATOR.iter().enumerate().fold(shifted, |sum, (bit, word)| if (top >> bit) & 1 == 1 { sum ^ word } else { sum })
    })
}

#[cfg(test)]
pub(crate) fn with_checksum(text: &[u8]) -> Vec<u8> {
    let lower = text.to_ascii_lowercase();
    let at = lower.iter().rposition(|byte| *byte == b'1').expect("the test gives a separator");
    let (human, rest) = lower.split_at(at);
    let mut values: Vec<u8> =
        rest[1..rest.len() - 6].iter().map(|byte| digit(*byte).expect("the test gives bech32 digits")).collect();
    let body = values.clone();
    values.extend([0; 6]);
    let sum = checksum(human, &values) ^ 1;
    let tail = (0..6).map(|place| ((sum >> (5 * (5 - place))) & 31) as u8);
    let digits: Vec<u8> = body.into_iter().chain(tail).map(|value| DIGITS[usize::from(value)]).collect();
    let joined = [human, b"1", &digits].concat();
    if text.iter().any(u8::is_ascii_uppercase) { joined.to_ascii_uppercase() } else { joined }
}
