//! How far somebody's rights reach in the installation.

use serde::{Deserialize, Serialize};

/// How far somebody's rights reach in the installation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sees the incidents that are granted to them or in which they hold a role, and nothing else.
    Restricted,
    /// Works on incidents.
    Member,
    /// Sets up sources and plans besides, and grants access to open incidents.
    Manager,
    /// Everything, except incidents whose sensitivity shuts owners out too.
    Owner,
}

impl Role {
    /// All roles, weakest first.
    pub const ALL: [Self; 4] = [Self::Restricted, Self::Member, Self::Manager, Self::Owner];

    /// Returns the word that the API and the store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Restricted => "restricted",
            Self::Member => "member",
            Self::Manager => "manager",
            Self::Owner => "owner",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}
