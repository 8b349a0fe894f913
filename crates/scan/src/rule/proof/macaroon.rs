//! Macaroons, in the binary format of libmacaroons and in Fly.io's.

use super::{Verdict, base, crc::holds};

/// Types of the fields; a section ends with the first of them.
const END: u64 = 0;
const LOCATION: u64 = 1;
const IDENTIFIER: u64 = 2;
const SIGNATURE: u64 = 6;
/// Of HMAC-SHA256.
const SIGNATURE_BYTES: usize = 32;

/// After `skip` bytes base64 of version 2: location and identifier, caveats, signature.
/// Source: <https://github.com/rescrv/libmacaroons/blob/master/doc/format.txt>.
pub(super) fn binary(secret: &[u8], skip: usize, location: &str) -> Verdict {
    let bytes = secret.get(skip..).and_then(base::decode_base64);
    holds(bytes.and_then(|bytes| is_binary(&bytes, location.as_bytes())).unwrap_or(false))
}

fn is_binary(bytes: &[u8], location: &[u8]) -> Option<bool> {
    let rest = &mut bytes.strip_prefix(&[2])?;
    let named = field(rest)? == (LOCATION, location) && field(rest)?.0 == IDENTIFIER && field(rest)?.0 == END;
    // The caveats: sections that hold fields. One that holds none ends them.
    while field(rest)?.0 != END {
        while field(rest)?.0 != END {}
    }
    let (kind, signature) = field(rest)?;
    Some(named && kind == SIGNATURE && signature.len() == SIGNATURE_BYTES && rest.is_empty())
}

/// Takes a field off: its type, its length, its bytes.
fn field<'a>(rest: &mut &'a [u8]) -> Option<(u64, &'a [u8])> {
    let kind = number(rest)?;
    if kind == END {
        return Some((END, &[]));
    }
    let length = usize::try_from(number(rest)?).ok()?;
    Some((kind, take(rest, length)?))
}

/// Takes a number off, seven bits a byte, the lowest first.
fn number(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let byte = *take(rest, 1)?.first()?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

/// Base64 after the first `_` of a MessagePack array: a nonce of key id, 16 random bytes and perhaps a flag, a location, caveats
/// and the digest of all.
/// Source: <https://github.com/superfly/macaroon> (`format.go`, `nonce.go`, `macaroon.go`).
pub(super) fn fly(secret: &[u8]) -> Verdict {
    let start = secret.iter().position(|byte| *byte == b'_').map(|at| at + 1);
    let bytes = start.and_then(|start| base::decode_base64(secret.get(start..)?));
    match bytes {
        Some(bytes) if is_fly(&bytes).is_some() => Verdict::Holds,
        // Tokens of earlier or later servers share the start alone.
        Some(bytes) if matches!(bytes.as_slice(), [0x94, 0x92 | 0x93, 0xc4, ..]) => Verdict::Silent,
        _ => Verdict::Broken,
    }
}

/// Reads from both ends; what the caveats say is left unread.
fn is_fly(bytes: &[u8]) -> Option<()> {
    let rest = &mut bytes.strip_prefix(&[0x94])?;
    let fields = *take(rest, 1)?.first()?;
    packed(rest, 0xc4)?;
    let is_random = packed(rest, 0xc4)?.len() == 16;
    match fields {
        0x92 => {}
        0x93 => {
            take(rest, 1)?.first().filter(|flag| matches!(flag, 0xc2 | 0xc3))?;
        }
        _ => return None,
    }
    // A short text holds its length in its first byte.
    let location = match *rest.first()? {
        head @ 0xa0..=0xbf => {
            take(rest, 1)?;
            take(rest, usize::from(head & 0x1f))?
        }
        _ => packed(rest, 0xd9)?,
    };
    let caveats = rest.len().checked_sub(SIGNATURE_BYTES + 2)?;
    let digest = rest.get(caveats..)?.starts_with(&[0xc4, SIGNATURE_BYTES as u8]);
    (is_random && digest && caveats > 0 && base::looks_like_text(location)).then_some(())
}

/// Takes bytes off whose `mark` is followed by their length.
fn packed<'a>(rest: &mut &'a [u8], mark: u8) -> Option<&'a [u8]> {
    *rest = rest.strip_prefix(&[mark])?;
    let length = usize::from(*take(rest, 1)?.first()?);
    take(rest, length)
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(count)?;
    *rest = tail;
    Some(head)
}
