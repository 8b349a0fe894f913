//! The one severity scale.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How bad it is: SEV1 is the worst, SEV5 the least.
///
/// Unknown is `Option::None` wherever a severity is optional, and unknown is not low: it is treated as
/// [`Severity::UNKNOWN_AS`] where a decision needs a level.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Sev1,
    Sev2,
    Sev3,
    Sev4,
    Sev5,
}

impl Severity {
    /// All levels, worst first.
    pub const ALL: [Self; 5] = [Self::Sev1, Self::Sev2, Self::Sev3, Self::Sev4, Self::Sev5];
    /// What an unknown severity counts as until a person decides.
    pub const UNKNOWN_AS: Self = Self::Sev3;

    /// Returns 1 (worst) to 5.
    pub fn level(self) -> u8 {
        self as u8 + 1
    }

    /// Returns the severity of a level from 1 to 5.
    pub fn from_level(level: i64) -> Option<Self> {
        usize::try_from(level.checked_sub(1)?).ok().and_then(|at| Self::ALL.get(at)).copied()
    }

    /// Returns the API's word: `sev1` to `sev5`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sev1 => "sev1",
            Self::Sev2 => "sev2",
            Self::Sev3 => "sev3",
            Self::Sev4 => "sev4",
            Self::Sev5 => "sev5",
        }
    }

    /// Returns the console's word: `SEV1` to `SEV5`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Sev1 => "SEV1",
            Self::Sev2 => "SEV2",
            Self::Sev3 => "SEV3",
            Self::Sev4 => "SEV4",
            Self::Sev5 => "SEV5",
        }
    }

    /// Tells whether this is as bad as `other` or worse.
    pub fn at_least(self, other: Self) -> bool {
        self <= other
    }

    /// Reads the words that tools use for severity; anything else is unknown.
    ///
    /// `critical`/`fatal`/`emergency` are SEV1, `high`/`error`/`page` SEV2, `medium`/`warning` SEV3, `low`/`notice` SEV4,
    /// `info` SEV5. A source whose vendor means something else by a word maps it itself.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word.trim().to_ascii_lowercase().as_str() {
            "sev1" | "sev-1" | "s1" | "p1" | "critical" | "crit" | "fatal" | "emergency" | "emerg" | "blocker" | "disaster" => {
                Self::Sev1
            }
            "sev2" | "sev-2" | "s2" | "p2" | "high" | "error" | "err" | "major" | "page" | "alert" | "severe" => Self::Sev2,
            "sev3" | "sev-3" | "s3" | "p3" | "medium" | "moderate" | "warning" | "warn" | "average" => Self::Sev3,
            "sev4" | "sev-4" | "s4" | "p4" | "low" | "minor" | "notice" => Self::Sev4,
            "sev5" | "sev-5" | "s5" | "p5" | "info" | "informational" | "information" | "debug" | "trivial" | "none" => {
                Self::Sev5
            }
            _ => return None,
        })
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Says that a text is no severity.
#[derive(Debug, thiserror::Error)]
#[error("severity {0:?} is none of sev1, sev2, sev3, sev4, sev5")]
pub struct NoSeverity(pub String);

impl FromStr for Severity {
    type Err = NoSeverity;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|severity| text.trim().eq_ignore_ascii_case(severity.as_str()))
            .ok_or_else(|| NoSeverity(text.chars().take(40).collect()))
    }
}
