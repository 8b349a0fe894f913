//! Bytes as received.

use serde::{Deserialize, Serialize};

/// What became of an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Stored and not yet read.
    Pending,
    /// Read; its alerts are up to date.
    Processed,
    /// Could not be read; kept with the reason and shown to people.
    Quarantined,
}

impl Status {
    /// Returns the word that the API and the store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processed => "processed",
            Self::Quarantined => "quarantined",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Pending, Self::Processed, Self::Quarantined].into_iter().find(|status| status.as_str() == word)
    }
}
