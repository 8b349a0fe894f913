//! Applies pack deltas and keeps what they say about copies.
//!
//! The format is described in git's `gitformat-pack` under "Deltified representation".

use crate::text::Segment;

/// Why a delta cannot be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Error {
    #[error("the delta ends within an instruction")]
    Truncated,
    #[error("the delta is made for another base")]
    Base,
    #[error("the delta copies from outside of its base")]
    Copy,
    #[error("the delta's result has not the promised size")]
    Size,
    #[error("the delta's result exceeds the limit")]
    Limit,
}

/// Applies `delta` to `base`, replacing `target` and `segments`; adjacent copies are one segment.
///
/// # Errors
/// When the delta is broken or its result larger than `limit`; `target` and `segments` are then without meaning.
pub(crate) fn apply(
    base: &[u8],
    delta: &[u8],
    limit: u64,
    target: &mut Vec<u8>,
    segments: &mut Vec<Segment>,
) -> Result<(), Error> {
    target.clear();
    segments.clear();
    let mut rest = delta;
    if size(&mut rest)? != base.len() as u64 {
        return Err(Error::Base);
    }
    let promised = size(&mut rest)?;
    if promised > limit {
        return Err(Error::Limit);
    }
    target.reserve(usize::try_from(promised).map_err(|_| Error::Limit)?);
    while let Some((&command, tail)) = rest.split_first() {
        rest = tail;
        let (bytes, source) = if command & 0x80 != 0 {
            let offset = little_endian(command, 4, &mut rest)?;
            let len = match little_endian(command >> 4, 3, &mut rest)? {
                0 => 0x1_0000,
                len => len,
            };
            let from = offset as usize;
            (base.get(from..from + len as usize).ok_or(Error::Copy)?, Some(offset))
        } else {
            let (new, tail) = rest.split_at_checked(usize::from(command)).ok_or(Error::Truncated)?;
            rest = tail;
            if new.is_empty() {
                return Err(Error::Truncated);
            }
            (new, None)
        };
        let start = u32::try_from(target.len()).map_err(|_| Error::Limit)?;
        if (target.len() + bytes.len()) as u64 > promised {
            return Err(Error::Size);
        }
        target.extend_from_slice(bytes);
        let end = u32::try_from(target.len()).map_err(|_| Error::Limit)?;
        match segments.last_mut() {
            Some(last) if follows(*last, source) => last.end = end,
            _ => segments.push(Segment { start, end, source }),
        }
    }
    if target.len() as u64 == promised { Ok(()) } else { Err(Error::Size) }
}

/// Says whether bytes from `source` continue `last` without a seam.
fn follows(last: Segment, source: Option<u32>) -> bool {
    match (last.source, source) {
        (None, None) => true,
        (Some(from), Some(source)) => from + (last.end - last.start) == source,
        _ => false,
    }
}

fn size(rest: &mut &[u8]) -> Result<u64, Error> {
    let mut size = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, tail) = rest.split_first().ok_or(Error::Truncated)?;
        *rest = tail;
        size |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(size);
        }
    }
    Err(Error::Truncated)
}

/// Reads a number of at most `width` bytes, of which the low bits of `present` say which are stored.
fn little_endian(present: u8, width: u32, rest: &mut &[u8]) -> Result<u32, Error> {
    let mut value = 0_u32;
    for byte in 0..width {
        if present & (1 << byte) != 0 {
            let (&stored, tail) = rest.split_first().ok_or(Error::Truncated)?;
            *rest = tail;
            value |= u32::from(stored) << (8 * byte);
        }
    }
    Ok(value)
}
