//! gzip.

use super::opener::Opener;
use flate2::bufread::MultiGzDecoder;
use std::io::Read;

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
    opener.entry(path, b"content", &content, depth, each);
}
