//! Scans a text of any length in bounded memory.

use super::locate::{Located, locate};
use super::position::Lines;
use super::scanner::{Class, Scanner};
use crate::generic::FileContext;
use memchr::{memchr_iter, memrchr};
use std::io::{self, Read};

/// What a stream gave.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) located: Vec<Located>,
    pub(crate) bytes: u64,
    /// Why the rest was not scanned; `None` when all of it was.
    pub(crate) incomplete: Option<&'static str>,
    /// The whole text, when it was short enough for one piece.
    pub(crate) whole: Option<Vec<u8>>,
}

/// A text up to this size is scanned in one piece; a longer one in pieces of this size.
pub(crate) const PIECE_BYTES: usize = 16 * 1024 * 1024;
/// Consecutive pieces share this much; a value belongs to the piece in whose inner part it starts. Twice the widest window.
const OVERLAP_BYTES: usize = 128 * 1024;

/// Scans what `reader` gives, up to `limit` bytes.
///
/// # Errors
/// Those of the reader; what was found before is lost with them.
pub(crate) fn scan_stream(
    scanner: &Scanner,
    reader: &mut dyn Read,
    file: &FileContext<'_>,
    limit: u64,
    size_hint: u64,
) -> io::Result<Reading> {
    let mut reader = reader.take(limit.saturating_add(1));
    let hint = usize::try_from(size_hint)
        .unwrap_or(PIECE_BYTES)
        .min(PIECE_BYTES);
    let mut piece = Vec::with_capacity(hint + 1);
    let mut reading = Reading::default();
    let mut ended = fill(&mut reader, &mut piece)?;
    let class = Class::of(&piece);
    if ended && piece.len() as u64 <= limit {
        reading.bytes = piece.len() as u64;
        reading.located = scan_piece(scanner, &piece, file);
        reading.whole = Some(piece);
        return Ok(reading);
    }
    if class == Class::Wide {
        reading.incomplete = Some("UTF-16 texts beyond 16 MiB are not converted");
        return Ok(reading);
    }
    let (mut offset, mut line, mut column) = (0_u64, 0_u64, 0_u64);
    loop {
        let inner_end = if ended {
            piece.len()
        } else {
            piece.len().saturating_sub(OVERLAP_BYTES / 2)
        };
        let inner_start = if offset == 0 { 0 } else { OVERLAP_BYTES / 2 };
        let state = scanner.scan_piece_as(class, &piece, file);
        let mine = state
            .results
            .iter()
            .map(|(_, found)| found)
            .filter(|found| {
                (inner_start..inner_end).contains(&(found.start as usize))
                    || (ended && found.start as usize == inner_end)
            });
        reading.located.extend(locate(
            &piece,
            &mut Lines::after(&piece, line, column),
            offset,
            mine,
        ));
        reading.bytes = offset + piece.len() as u64;
        if ended {
            break;
        }
        let keep_from = piece.len().saturating_sub(OVERLAP_BYTES);
        let gone = piece.get(..keep_from).unwrap_or_default();
        line += memchr_iter(b'\n', gone).count() as u64;
        column = memrchr(b'\n', gone).map_or(column + gone.len() as u64, |at| {
            (gone.len() - at - 1) as u64
        });
        offset += keep_from as u64;
        piece.drain(..keep_from);
        ended = fill(&mut reader, &mut piece)?;
    }
    if reading.bytes > limit {
        reading.incomplete = Some("larger than the limit for one file");
    }
    Ok(reading)
}

/// Scans a text that is held whole.
pub(crate) fn scan_piece(scanner: &Scanner, text: &[u8], file: &FileContext<'_>) -> Vec<Located> {
    let state = scanner.scan(text, file, None);
    let found = state.results.iter().map(|(_, found)| found);
    if state.class == Class::Wide {
        let plain = crate::decode::decode_utf16(text);
        return locate(&plain, &mut Lines::new(&plain), 0, found);
    }
    locate(text, &mut Lines::new(text), 0, found)
}

/// Reads until `piece` is full; says whether the reader has ended.
fn fill(reader: &mut dyn Read, piece: &mut Vec<u8>) -> io::Result<bool> {
    let room = PIECE_BYTES.saturating_sub(piece.len());
    let read = reader.take(room as u64).read_to_end(piece)?;
    Ok(read < room)
}
