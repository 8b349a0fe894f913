//! What fuzzers run of this folder.

use super::delta;
use super::trees::entry;
use crate::generic::{FileContext, FileKind};
use crate::text::{Scanner, Segments};

/// Results larger than this prove nothing more.
const RESULT_BYTES_MAX: u64 = 1 << 20;

/// Applies the second half of `input` as a delta to the first, and compares what a scan of it inherits with a full scan.
pub(crate) fn delta(input: &[u8], scanner: &Scanner) {
    let (base, instructions) = input.split_at(input.len() / 2);
    // The size of the base is what a fuzzer guesses last.
    let mut patch = vec![];
    let mut size = base.len();
    while size >= 0x80 {
        patch.push((size & 0x7f) as u8 | 0x80);
        size >>= 7;
    }
    patch.push(size as u8);
    patch.extend_from_slice(instructions);
    let (mut target, mut list) = (Vec::new(), Vec::new());
    if delta::apply(base, &patch, RESULT_BYTES_MAX, &mut target, &mut list).is_err() {
        return;
    }
    let file = FileContext { path: b"a", kind: FileKind::of_path(b"a") };
    let state = scanner.scan(base, &file, None);
    let base_len = u32::try_from(base.len()).unwrap_or(u32::MAX);
    let segments = Segments { list: &list, base: &state, base_len, same_file: true };
    let inherited = scanner.scan(&target, &file, Some(segments));
    assert!(inherited == scanner.scan(&target, &file, None), "a delta is scanned differently");
}

/// Reads `input` as a tree.
pub(crate) fn tree(input: &[u8]) {
    let mut at = 0;
    while let Some((_, _, _, end)) = entry(input, at, 20) {
        assert!(end > at, "an entry without bytes");
        at = end;
    }
}

/// Reads `input` as the lines of both hooks that git tells about a push.
pub(crate) fn push(input: &[u8]) {
    let commits = super::push::received(input);
    let lines = input.iter().filter(|byte| **byte == b'\n').count() + 1;
    assert!(commits.tips.len() <= lines && commits.hidden.len() <= lines, "more commits than lines");
}
