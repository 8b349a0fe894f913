//! Scans a text of any length in bounded memory.

use super::locate::{Located, locate};
use super::position::{Lines, advance};
use super::scanner::{Class, Scanner};
use crate::generic::FileContext;
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

/// The memory into which texts are read, kept from one text to the next.
#[derive(Debug, Default)]
pub(crate) struct Piece {
    /// Initialised beyond what is filled, so that reading needs no clearing.
    bytes: Vec<u8>,
    filled: usize,
}

/// The first size of a piece, which holds most files.
const PIECE_BYTES_LEAST: usize = 64 * 1024;
/// More memory than this is given back after a text.
const PIECE_BYTES_KEPT: usize = 1024 * 1024;

/// Scans what `reader` gives, up to `limit` bytes.
///
/// # Errors
/// Those of the reader; what was found before is lost with them.
pub(crate) fn scan_stream(
    scanner: &Scanner,
    reader: &mut dyn Read,
    file: &FileContext<'_>,
    limit: u64,
    piece: &mut Piece,
) -> io::Result<Reading> {
    piece.clear();
    let mut reader = reader.take(limit.saturating_add(1));
    let mut reading = Reading::default();
    let mut ended = piece.fill(&mut reader, PIECE_BYTES)?;
    let class = scanner.class_of(piece.text());
    if class == Class::Archive && !ended {
        let room = scanner.archives.map_or(0, |limits| usize::try_from(limits.bytes).unwrap_or(usize::MAX));
        ended = piece.fill(&mut reader, room)?;
        if !ended {
            reading.skipped("archives of this size are not opened");
            return Ok(reading);
        }
    }
    if ended && piece.filled as u64 <= limit {
        let text = piece.text();
        reading.bytes = text.len() as u64;
        let state = scanner.scan(text, file, None);
        reading.located = scanner.locate(text, &state, file.path, &mut reading.incomplete);
        return Ok(reading);
    }
    if class == Class::Wide || class == Class::Archive {
        reading.skipped("archives and UTF-16 texts are scanned whole or not at all");
        return Ok(reading);
    }
    let (mut offset, mut line, mut column) = (0_u64, 0_u64, 0_u64);
    loop {
        let text = piece.text();
        let inner_end = if ended { text.len() } else { text.len().saturating_sub(OVERLAP_BYTES / 2) };
        let inner_start = if offset == 0 { 0 } else { OVERLAP_BYTES / 2 };
        let state = scanner.scan_piece_as(class, text, file);
        let mine = state.results.iter().map(|(_, found)| found).filter(|found| {
            (inner_start..inner_end).contains(&(found.start as usize)) || (ended && found.start as usize == inner_end)
        });
        reading.located.extend(locate(text, &mut Lines::after(text, line, column), offset, mine));
        reading.bytes = offset + text.len() as u64;
        if ended {
            break;
        }
        let keep_from = text.len().saturating_sub(OVERLAP_BYTES);
        let gone = text.get(..keep_from).unwrap_or_default();
        (line, column) = advance((line, column), gone);
        offset += keep_from as u64;
        piece.drop_front(keep_from);
        ended = piece.fill(&mut reader, PIECE_BYTES)?;
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

impl Piece {
    /// Returns what is filled.
    fn text(&self) -> &[u8] {
        self.bytes.get(..self.filled).unwrap_or_default()
    }

    fn clear(&mut self) {
        self.filled = 0;
        if self.bytes.len() > PIECE_BYTES_KEPT {
            self.bytes = Vec::new();
        }
    }

    /// Reads until `most` bytes are filled; says whether the reader has ended.
    fn fill(&mut self, reader: &mut dyn Read, most: usize) -> io::Result<bool> {
        while self.filled < most {
            if self.filled == self.bytes.len() {
                self.bytes.resize((self.filled * 2).max(PIECE_BYTES_LEAST).min(most), 0);
            }
            let room = self.bytes.len().min(most);
            match reader.read(self.bytes.get_mut(self.filled..room).unwrap_or_default()) {
                Ok(0) => return Ok(true),
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    fn drop_front(&mut self, count: usize) {
        self.bytes.copy_within(count..self.filled, 0);
        self.filled -= count;
    }
}
