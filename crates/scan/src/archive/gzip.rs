//! gzip.

use super::opener::Opener;
use flate2::bufread::MultiGzDecoder;
use std::io::Read;

/// What the one file inside is called.
const CONTENT: &str = "content";

pub(super) fn open(opener: &mut Opener, bytes: &[u8], path: &str, depth: u8, each: &mut dyn FnMut(&str, &[u8])) {
    let allowance = opener.allowance(bytes.len());
    let mut content = Vec::new();
    let read = MultiGzDecoder::new(bytes).take(allowance + 1).read_to_end(&mut content);
    if content.len() as u64 > allowance {
        content.truncate(usize::try_from(allowance).unwrap_or(usize::MAX));
        opener.skip(path, "expands beyond the limit");
    } else if read.is_err() {
        // What came out before the damage is scanned all the same.
        opener.skip(path, "the compressed data is damaged");
    }
    opener.spend(content.len());
    opener.entry(path, CONTENT.as_bytes(), &content, depth, each);
}

/// Returns the path of a file inside of the archive at `outer` as if every archive were a folder; what is only compressed has the
/// name without `.gz`.
pub(crate) fn whole_path(outer: &[u8], inner: &str) -> Vec<u8> {
    let mut path = outer.to_vec();
    for part in inner.split('!') {
        match path.strip_suffix(b".gz") {
            Some(stem) if part == CONTENT => path = stem.to_vec(),
            _ if path.is_empty() => path.extend_from_slice(part.as_bytes()),
            _ => path = [&path, part.as_bytes()].join(&b'/'),
        }
    }
    path
}
