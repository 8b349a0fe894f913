//! What a credential may be used for.

use super::Right;

/// The rights that a credential carries: all of them for a session, a chosen part for a token. They only ever narrow what
/// the role gives.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Powers(u8);

/// The rights that a token can be limited to, with their words.
const WORDS: [(Right, &str); 4] =
    [(Right::Read, "read"), (Right::Act, "act"), (Right::Configure, "configure"), (Right::Administer, "administer")];

impl Powers {
    /// Everything that the role gives.
    pub const ALL: Self = Self(15);
    /// Nothing at all.
    pub const NONE: Self = Self(0);

    /// Reads words such as `read act`, separated by spaces or commas; the word that is unknown is the error.
    ///
    /// # Errors
    /// The first word that names no right.
    pub fn parse(words: &str) -> Result<Self, String> {
        let mut powers = Self::NONE;
        for word in words.split([' ', ',']).filter(|word| !word.is_empty()) {
            let (right, _) = WORDS.into_iter().find(|(_, known)| *known == word).ok_or_else(|| word.to_owned())?;
            powers = powers.with(right);
        }
        Ok(powers)
    }

    /// Returns the words in a fixed order.
    pub fn words(self) -> Vec<&'static str> {
        WORDS.into_iter().filter(|(right, _)| self.holds(*right)).map(|(_, word)| word).collect()
    }

    /// Adds a right.
    #[must_use]
    pub fn with(self, right: Right) -> Self {
        Self(self.0 | bit(right))
    }

    /// Tells whether a right is among them.
    pub fn holds(self, right: Right) -> bool {
        self.0 & bit(right) != 0
    }

    /// Tells whether all of these are among the others.
    pub fn within(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }

    /// Returns what both have.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl std::fmt::Debug for Powers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.words()).finish()
    }
}

/// To manage an incident is to act on it, and so is every smaller part of acting: a credential that may act may do all of them.
fn bit(right: Right) -> u8 {
    match right {
        Right::Read => 1,
        Right::Say | Right::Heal | Right::Act | Right::Manage => 2,
        Right::Configure => 4,
        Right::Administer => 8,
    }
}
