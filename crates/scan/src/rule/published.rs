//! Values that providers and standards print in their documentation: everybody copies them, and they open nothing.
//!
//! They are kept as digests, so that no scanner takes this repository for a leak.

use std::{collections::HashSet, sync::LazyLock};

use sha2::{Digest, Sha256};

/// The first eight bytes of the SHA-256 of each value, a line each, with where it is printed.
const DIGESTS: &str = include_str!("published.txt");

static PUBLISHED: LazyLock<HashSet<[u8; 8]>> = LazyLock::new(|| DIGESTS.lines().filter_map(digest_of_line).collect());

/// Returns whether `value` is an example of some documentation.
pub(crate) fn is_published(value: &[u8]) -> bool {
    Sha256::digest(value).first_chunk().is_some_and(|start| PUBLISHED.contains(start))
}

fn digest_of_line(line: &str) -> Option<[u8; 8]> {
    let digits = line.split_whitespace().next().filter(|word| word.len() == 16)?;
    u64::from_str_radix(digits, 16).ok().map(u64::to_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::{DIGESTS, digest_of_line, is_published};

    #[test]
    fn every_line_holds_a_digest_and_a_source() {
        for line in DIGESTS.lines().filter(|line| !line.starts_with('#')) {
            assert!(digest_of_line(line).is_some() && line.len() > 20, "{line}");
        }
    }

    #[test]
    fn the_key_that_rfc_6749_prints_is_known() {
        assert!(is_published(concat!("2YotnFZFEj", "r1zCsicMWpAA").as_bytes()));
        assert!(!is_published(concat!("2YotnFZFEj", "r1zCsicMWpAB").as_bytes()));
    }
}
