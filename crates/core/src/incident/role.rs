//! Roles in an incident: one holder each, handed over by both sides.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A role by its word, such as `commander`; the built-in ones are constants, plans may add more.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Role(String);

impl Role {
    /// The roles that every installation has.
    pub const BUILT_IN: [&'static str; 6] = ["commander", "seoc", "operations", "communications", "scribe", "liaison"];

    /// Leads the incident.
    pub fn commander() -> Self {
        Self("commander".to_owned())
    }

    /// Reads a role's word: lower-case letters, digits and underscores, at most 40.
    pub fn parse(word: &str) -> Option<Self> {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        (!word.is_empty() && word.len() <= 40 && word.bytes().all(fits)).then(|| Self(word.to_owned()))
    }

    /// Returns the word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who holds a role, since when, and to whom it has been offered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Assignment {
    pub role: Role,
    pub holder: String,
    pub since: Timestamp,
    /// The person to whom the holder has offered the role and who has not answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offered_to: Option<String>,
}
