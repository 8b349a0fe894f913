//! Base 58 with a checksum.

use sha2::{Digest, Sha256};

use super::{Verdict, crc::holds};

pub(super) const DIGITS: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// Source: <https://en.bitcoin.it/wiki/Base58Check_encoding>.
pub(super) fn verdict(secret: &[u8]) -> Verdict {
    let Some(bytes) = decode(secret) else {
        return Verdict::Broken;
    };
    let Some((body, tail)) = bytes.len().checked_sub(4).and_then(|at| bytes.split_at_checked(at)) else {
        return Verdict::Broken;
    };
    holds(double_digest(body).starts_with(tail))
}

pub(crate) fn double_digest(body: &[u8]) -> Vec<u8> {
    Sha256::digest(Sha256::digest(body)).to_vec()
}

/// Returns the bytes of at most 128 digits.
fn decode(text: &[u8]) -> Option<Vec<u8>> {
    if text.len() > 128 {
        return None;
    }
    let mut bytes: Vec<u8> = Vec::new();
    for byte in text {
        let mut carry = DIGITS.iter().position(|digit| digit == byte)?;
        for place in &mut bytes {
            carry += usize::from(*place) * 58;
            *place = (carry & 0xff) as u8;
            carry >>= 8;
        }
        while carry > 0 {
            bytes.push((carry & 0xff) as u8);
            carry >>= 8;
        }
    }
    bytes.extend(text.iter().take_while(|byte| **byte == b'1').map(|_| 0));
    bytes.reverse();
    Some(bytes)
}

#[cfg(test)]
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut digits: Vec<usize> = Vec::new();
    for byte in bytes {
        let mut carry = usize::from(*byte);
        for digit in &mut digits {
            carry += *digit << 8;
            *digit = carry % 58;
            carry /= 58;
        }
        while carry > 0 {
            digits.push(carry % 58);
            carry /= 58;
        }
    }
    digits.extend(bytes.iter().take_while(|byte| **byte == 0).map(|_| 0));
    digits.iter().rev().map(|digit| char::from(DIGITS[*digit])).collect()
}
