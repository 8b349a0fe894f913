//! How much developers may do on the incidents that they are on.

use serde::{Deserialize, Serialize};

use super::Right;

/// How much a team trusts its members of the role Restricted on incidents that they may work on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Autonomy {
    /// They look.
    View,
    /// They write notes besides.
    Feedback,
    /// They do tasks and resolve besides, but what they resolve waits until somebody else has verified it.
    HealWithVerify,
    /// They do tasks and resolve besides.
    Heal,
}

impl Autonomy {
    /// All of them, the narrowest first.
    pub const ALL: [Self; 4] = [Self::View, Self::Feedback, Self::HealWithVerify, Self::Heal];

    /// Returns the word that plans and the API use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Feedback => "feedback",
            Self::HealWithVerify => "heal_with_verify",
            Self::Heal => "heal",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|autonomy| autonomy.as_str() == word)
    }

    /// Tells whether a right that needs the level to act is part of it.
    pub fn holds(self, right: Right) -> bool {
        match right {
            Right::Say => self >= Self::Feedback,
            Right::Heal => self >= Self::HealWithVerify,
            Right::Read => true,
            _ => false,
        }
    }
}
