//! Typed, versioned dedup keys.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{limits, text};

/// Tells which alert of a source an observation speaks of: `<scheme>:<version>:<value>`.
///
/// The scheme and version are part of the key, so that a source may change how it derives keys without
/// merging old alerts. Unique within one source.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DedupKey(String);

impl DedupKey {
    /// Builds a key; a value that is longer than [`limits::DEDUP_KEY_BYTES`] or holds control characters is
    /// replaced by `sha256-` and its hash.
    pub fn new(scheme: &str, version: u8, value: &str) -> Self {
        if value.len() > limits::DEDUP_KEY_BYTES || value.chars().any(char::is_control) {
            return Self(format!("{scheme}:{version}:sha256-{}", text::hex(&Sha256::digest(value.as_bytes()))));
        }
        Self(format!("{scheme}:{version}:{value}"))
    }

    /// Builds a key from several parts without ambiguity: each part is preceded by its length before hashing.
    pub fn of_parts(scheme: &str, version: u8, parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        Self(format!("{scheme}:{version}:sha256-{}", text::hex(&hash.finalize())))
    }

    /// Reads a key back, as the store keeps it.
    pub fn from_stored(key: String) -> Self {
        Self(key)
    }

    /// Returns the value without scheme and version: what the sender calls it, where the source keeps that.
    pub fn value(&self) -> &str {
        self.0.splitn(3, ':').nth(2).unwrap_or(&self.0)
    }

    /// Returns the whole text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DedupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
