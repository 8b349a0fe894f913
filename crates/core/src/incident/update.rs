//! Status updates: what those outside of the room are told, in six fields.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{IncidentId, UpdateId};
use crate::{limits, text};

/// How many users feel it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UsersImpacted {
    None,
    Some,
    Many,
    All,
    /// Not known yet, which is not none.
    Unknown,
}

impl UsersImpacted {
    /// All answers, in the order in which forms offer them.
    pub const ALL: [Self; 5] = [Self::Some, Self::Many, Self::All, Self::None, Self::Unknown];

    /// Returns the word that the API and the store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Some => "some",
            Self::Many => "many",
            Self::All => "all",
            Self::Unknown => "unknown",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|users| users.as_str() == word)
    }
}

impl fmt::Display for UsersImpacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What an update says. All six fields are there: an update that leaves one out is refused.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct UpdateText {
    /// What can still go wrong, and for whom.
    pub risk: String,
    pub users: UsersImpacted,
    /// What happened when, as far as the readers need it.
    pub timeline: String,
    /// What was done against it.
    pub mitigation: String,
    /// Where it stands now.
    pub status: String,
    pub next_steps: String,
}

impl UpdateText {
    /// Returns the written fields with their names and their titles, in the order in which people read them.
    pub fn fields(&self) -> [(&'static str, &'static str, &str); 5] {
        [
            ("risk", "Current risk", &self.risk),
            ("timeline", "Timeline", &self.timeline),
            ("mitigation", "Mitigation taken", &self.mitigation),
            ("status", "Current status", &self.status),
            ("next_steps", "Next steps", &self.next_steps),
        ]
    }

    /// Tidies every field.
    ///
    /// # Errors
    /// The name of the first field that says nothing.
    pub fn tidied(self) -> Result<Self, &'static str> {
        let tidy = |text: String| text::prose(&text, limits::TEXT_CHARS);
        let tidied = Self {
            risk: tidy(self.risk),
            users: self.users,
            timeline: tidy(self.timeline),
            mitigation: tidy(self.mitigation),
            status: tidy(self.status),
            next_steps: tidy(self.next_steps),
        };
        let missing = tidied.fields().into_iter().find(|(.., text)| text.is_empty()).map(|(name, ..)| name);
        missing.map_or(Ok(tidied), Err)
    }
}

/// One version of an update. A revision is a new version with the same number; the old one stays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatusUpdate {
    pub id: UpdateId,
    pub incident: IncidentId,
    /// Counts from 1 within the incident.
    pub number: i64,
    /// Counts from 1 within the number.
    pub version: i64,
    pub text: UpdateText,
    /// When the next update is due; `None` promises none.
    pub next_due_at: Option<Timestamp>,
    /// A login, or the name of a service.
    pub author: String,
    pub written_at: Timestamp,
}

/// Something that makes a text harder for those who were not in the room; advice, never a refusal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hint {
    /// The field, as [`UpdateText::fields`] names it.
    pub field: &'static str,
    pub advice: String,
}

/// Words from which a field is too long to be read at a glance.
const FIELD_WORDS: usize = 80;
/// Words from which a sentence has to be read twice.
const SENTENCE_WORDS: usize = 28;

/// Says what would make an update easier to read: length, long sentences, words that only engineers know.
pub fn hints(text: &UpdateText) -> Vec<Hint> {
    let mut hints = Vec::new();
    for (field, _, text) in text.fields() {
        let words = text.split_whitespace().count();
        // The timeline is a list of times: long by nature.
        if words > FIELD_WORDS && field != "timeline" {
            hints.push(Hint { field, advice: format!("{words} words; {FIELD_WORDS} are read, the rest is skipped") });
        }
        let longest = text.split(['.', '!', '?', '\n', ';', ':']).map(|part| part.split_whitespace().count()).max().unwrap_or(0);
        if longest > SENTENCE_WORDS {
            hints.push(Hint { field, advice: format!("one sentence has {longest} words; make two of it") });
        }
        if let Some(word) = text.split_whitespace().find(|word| is_technical(word)) {
            let word = text::line(word, 40);
            hints.push(Hint { field, advice: format!("“{word}” is a technical detail; say what it means to the reader") });
        }
    }
    hints
}

/// Tells addresses, paths, code, hashes and the like from words of everyday language.
fn is_technical(word: &str) -> bool {
    let word = word.trim_matches(|char: char| matches!(char, '.' | ',' | ';' | ':' | '(' | ')' | '"' | '“' | '”'));
    let hex = word.len() >= 7
        && word.bytes().all(|byte| byte.is_ascii_hexdigit())
        && word.bytes().any(|byte| byte.is_ascii_digit())
        && word.bytes().any(|byte| byte.is_ascii_alphabetic());
    let address = word.split('.').count() == 4 && word.split('.').all(|part| part.parse::<u8>().is_ok());
    let code = word.contains('`') || word.contains("::") || word.contains("()") || word.contains('_') || word.contains("${");
    let path = word.matches('/').count() >= 2 && !word.starts_with("http");
    hex || address || code || path || word.starts_with("CVE-")
}
