//! Rights on one incident.

use serde::{Deserialize, Serialize};

/// How far a grant on one incident reaches; each level holds those before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Sees the incident with everything in it.
    Read,
    /// Works on it.
    Act,
    /// Says who else may see it, and how widely it is known.
    Manage,
}

impl Level {
    /// All levels, weakest first.
    pub const ALL: [Self; 3] = [Self::Read, Self::Act, Self::Manage];

    /// Returns the word that the API and the store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Act => "act",
            Self::Manage => "manage",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == word)
    }
}

/// Where a grant comes from. One grantee may hold one grant of each source on an incident.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GrantSource {
    /// A rule of the plans.
    Rule,
    /// A step of a playbook.
    Playbook,
    /// A person.
    Manual,
    /// What somebody did for the incident, such as reporting it.
    Role,
}

impl GrantSource {
    /// All sources.
    pub const ALL: [Self; 4] = [Self::Rule, Self::Playbook, Self::Manual, Self::Role];

    /// Returns the word that the API and the store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Playbook => "playbook",
            Self::Manual => "manual",
            Self::Role => "role",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == word)
    }
}
