//! Gives what was found its lines and columns.

use super::found::{Body, Found};
use super::position::Lines;
use memchr::{memchr, memmem, memrchr};
use std::sync::Arc;

/// A found value with its place in a document.
#[derive(Clone, Debug)]
pub(crate) struct Located {
    /// The path inside of an archive; empty for the document itself.
    pub(crate) inner: Arc<str>,
    /// The bytes it covers, counted from the start of the document.
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// Start line, start column, end line, end column.
    pub(crate) place: [u32; 4],
    /// Whether a comment on the line says to ignore it.
    pub(crate) ignored: bool,
    pub(crate) body: Arc<Body>,
}

/// How far the rest of a line is searched for a comment.
const COMMENT_BYTES: usize = 4096;
/// The comments that silence a line.
const COMMENTS: [&[u8]; 2] = [b"watchfire:ignore", b"ggignore"];

/// Locates `found`, values of `text`, whose first byte stands `offset` bytes into the document behind `lines`.
pub(crate) fn locate<'a>(
    text: &[u8],
    lines: &mut Lines<'_>,
    offset: u64,
    found: impl Iterator<Item = &'a Found>,
) -> Vec<Located> {
    let mut ordered: Vec<&Found> = found.collect();
    ordered.sort_by_key(|found| (found.start, found.end));
    let inner: Arc<str> = Arc::from("");
    let mut located = Vec::with_capacity(ordered.len());
    for found in ordered {
        let (start, end) = (found.start as usize, found.end as usize);
        let (start_line, start_column) = lines.locate(start);
        // Counted from a copy: the next value may start before this one ends, and must not be counted from the first byte again.
        let (end_line, end_column) = lines.clone().locate(end.max(start));
        located.push(Located {
            inner: inner.clone(),
            start: offset + u64::from(found.start),
            end: offset + u64::from(found.end),
            place: [start_line, start_column, end_line, end_column],
            ignored: silenced(text, start, end),
            body: found.body.clone(),
        });
    }
    located
}

fn silenced(text: &[u8], start: usize, end: usize) -> bool {
    let floor = start.saturating_sub(COMMENT_BYTES);
    let from = text.get(floor..start).and_then(|head| memrchr(b'\n', head)).map_or(floor, |at| floor + at + 1);
    let ceiling = (end + COMMENT_BYTES).min(text.len());
    let to = text.get(end..ceiling).and_then(|tail| memchr(b'\n', tail)).map_or(ceiling, |at| end + at);
    // Of a value over several lines, only the first and the last line carry comments.
    let line = text.get(from..to).unwrap_or_default();
    COMMENTS.iter().any(|comment| memmem::find(line, comment).is_some())
}
