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
    /// What was not scanned and why: the path inside of an archive, empty for the text itself.
    pub(crate) incomplete: Vec<(String, String)>,
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
    let hint = usize::try_from(size_hint).unwrap_or(PIECE_BYTES).min(PIECE_BYTES);
    let mut piece = Vec::with_capacity(hint + 1);
    let mut reading = Reading::default();
    let mut ended = fill(&mut reader, &mut piece)?;
    let class = scanner.class_of(&piece);
    if class == Class::Archive && !ended {
        let room = scanner.archives.map_or(0, |limits| limits.bytes);
        let room = room.saturating_sub(piece.len() as u64);
        ended = ((&mut reader).take(room).read_to_end(&mut piece)? as u64) < room;
        if !ended {
            reading.skipped("archives of this size are not opened");
            return Ok(reading);
        }
    }
    if ended && piece.len() as u64 <= limit {
        reading.bytes = piece.len() as u64;
        let state = scanner.scan(&piece, file, None);
        reading.located = scanner.locate(&piece, &state, &mut reading.incomplete);
        return Ok(reading);
    }
    if class == Class::Wide || class == Class::Archive {
        reading.skipped("archives and UTF-16 texts are scanned whole or not at all");
        return Ok(reading);
    }
    let (mut offset, mut line, mut column) = (0_u64, 0_u64, 0_u64);
    loop {
        let inner_end = if ended { piece.len() } else { piece.len().saturating_sub(OVERLAP_BYTES / 2) };
        let inner_start = if offset == 0 { 0 } else { OVERLAP_BYTES / 2 };
        let state = scanner.scan_piece_as(class, &piece, file);
        let mine = state.results.iter().map(|(_, found)| found).filter(|found| {
            (inner_start..inner_end).contains(&(found.start as usize)) || (ended && found.start as usize == inner_end)
        });
        reading.located.extend(locate(&piece, &mut Lines::after(&piece, line, column), offset, mine));
        reading.bytes = offset + piece.len() as u64;
        if ended {
            break;
        }
        let keep_from = piece.len().saturating_sub(OVERLAP_BYTES);
        let gone = piece.get(..keep_from).unwrap_or_default();
        line += memchr_iter(b'\n', gone).count() as u64;
        column = memrchr(b'\n', gone).map_or(column + gone.len() as u64, |at| (gone.len() - at - 1) as u64);
        offset += keep_from as u64;
        piece.drain(..keep_from);
        ended = fill(&mut reader, &mut piece)?;
    }
    if reading.bytes > limit {
        reading.skipped("larger than the limit for one file");
    }
    Ok(reading)
}

impl Reading {
    fn skipped(&mut self, why: &str) {
        self.incomplete.push((String::new(), why.to_owned()));
    }
}

/// Reads until `piece` is full; says whether the reader has ended.
fn fill(reader: &mut dyn Read, piece: &mut Vec<u8>) -> io::Result<bool> {
    let room = PIECE_BYTES.saturating_sub(piece.len());
    let read = reader.take(room as u64).read_to_end(piece)?;
    Ok(read < room)
}
