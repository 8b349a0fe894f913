//! Lines and columns of byte positions.

use memchr::{memchr_iter, memrchr};

/// Counts lines and characters while positions only grow.
#[derive(Clone)]
pub(crate) struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
    /// Characters of the line before `at`.
    column: u64,
}

impl<'a> Lines<'a> {
    /// Starts at the first byte of `text`, which follows `lines` line feeds and then `columns` characters of the same line.
    pub(crate) fn after(text: &'a [u8], lines: u64, columns: u64) -> Self {
        Self { text, at: 0, line: lines, column: columns }
    }

    /// Starts at the first byte of a whole text.
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self::after(text, 0, 0)
    }

    /// Returns the line and column of `offset`, both from 1; `offset` lies not before the last one.
    pub(crate) fn locate(&mut self, offset: usize) -> (u32, u32) {
        let end = offset.clamp(self.at, self.text.len());
        let step = self.text.get(self.at..end).unwrap_or_default();
        (self.line, self.column) = advance((self.line, self.column), step);
        self.at = end;
        (clamp(self.line + 1), clamp(self.column + 1))
    }
}

/// Moves a line and column, both from 0, over `text`.
pub(crate) fn advance((line, column): (u64, u64), text: &[u8]) -> (u64, u64) {
    match memrchr(b'\n', text) {
        Some(last) => (line + memchr_iter(b'\n', text).count() as u64, characters(text.get(last + 1..).unwrap_or_default())),
        None => (line, column + characters(text)),
    }
}

/// Counts the characters of UTF-8 by their first bytes, which every other byte sequence has as well.
fn characters(text: &[u8]) -> u64 {
    text.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u64
}

fn clamp(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
