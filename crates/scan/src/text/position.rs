//! Lines and columns of byte positions.

use memchr::{memchr_iter, memrchr};

/// Counts lines while positions only grow.
pub(crate) struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
    /// What stands before the text: lines, and bytes of its first line.
    before: (u64, u64),
}

impl<'a> Lines<'a> {
    /// Starts at the first byte of `text`, which follows `lines` line feeds and then `columns` bytes of the same line.
    pub(crate) fn after(text: &'a [u8], lines: u64, columns: u64) -> Self {
        Self { text, at: 0, line: lines, before: (lines, columns) }
    }

    /// Starts at the first byte of a whole text.
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self::after(text, 0, 0)
    }

    /// Returns the line and column of `offset`, both from 1; starts over when `offset` lies before the last one.
    pub(crate) fn locate(&mut self, offset: usize) -> (u32, u32) {
        if offset < self.at {
            (self.at, self.line) = (0, self.before.0);
        }
        let step = self.text.get(self.at..offset).unwrap_or_default();
        self.line += memchr_iter(b'\n', step).count() as u64;
        self.at = offset.min(self.text.len());
        let head = self.text.get(..offset).unwrap_or(self.text);
        let column = memrchr(b'\n', head).map_or(head.len() as u64 + self.before.1, |at| (head.len() - at - 1) as u64);
        (clamp(self.line + 1), clamp(column + 1))
    }
}

fn clamp(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
