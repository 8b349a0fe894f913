//! The phases of an incident and the steps between them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Class, Family};
use crate::Severity;

/// How far the response has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Seen, judged by nobody yet.
    Reported,
    /// Class, severity and team are set; nobody has said yet that it is an incident.
    Triaged,
    /// A person or a rule has said: this is an incident.
    Declared,
    /// It can no longer spread.
    Contained,
    /// The cause, or the intruder, is out.
    Eradicated,
    /// Systems work again from a known good state.
    Recovered,
    /// The response is over; documents may be due.
    Resolved,
    /// Everything owed is done.
    Closed,
    /// It was none; the reason is on the record.
    Dismissed,
    /// It went into another incident.
    Merged,
}

impl Phase {
    /// The eight phases of the main line, in order.
    pub const LINE: [Self; 8] = [
        Self::Reported,
        Self::Triaged,
        Self::Declared,
        Self::Contained,
        Self::Eradicated,
        Self::Recovered,
        Self::Resolved,
        Self::Closed,
    ];
    /// All phases.
    pub const ALL: [Self; 10] = [
        Self::Reported,
        Self::Triaged,
        Self::Declared,
        Self::Contained,
        Self::Eradicated,
        Self::Recovered,
        Self::Resolved,
        Self::Closed,
        Self::Dismissed,
        Self::Merged,
    ];

    /// Returns the word that the API, plans and store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Triaged => "triaged",
            Self::Declared => "declared",
            Self::Contained => "contained",
            Self::Eradicated => "eradicated",
            Self::Recovered => "recovered",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Dismissed => "dismissed",
            Self::Merged => "merged",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.as_str() == word)
    }

    /// Returns the word of the six-step display (Detection to Postmortem) for this phase.
    pub fn six_step(self) -> &'static str {
        match self {
            Self::Reported => "Detection",
            Self::Triaged => "Triage",
            Self::Declared => "Assignment",
            Self::Contained | Self::Eradicated => "Mitigation",
            Self::Recovered | Self::Resolved => "Resolution",
            Self::Closed | Self::Dismissed | Self::Merged => "Postmortem",
        }
    }

    /// Tells whether people still work on it: before resolved, and not set aside.
    pub fn is_open(self) -> bool {
        self < Self::Resolved
    }

    /// Tells whether nothing more will happen unless it is reopened.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Closed | Self::Dismissed | Self::Merged)
    }

    /// Returns the phases that the main line allows next, nearest first.
    ///
    /// Forward only, one step at a time for SEV1 and SEV2 of the security family unless the class is light;
    /// otherwise steps may be skipped up to resolved. Closed follows resolved alone.
    pub fn next(self, class: Class, severity: Option<Severity>) -> Vec<Self> {
        if self.is_final() {
            return Vec::new();
        }
        let strict = class.family() == Family::Security
            && !class.is_light()
            && severity.unwrap_or(Severity::Sev1).at_least(Severity::Sev2);
        let later = Self::LINE.into_iter().filter(|phase| *phase > self);
        if self == Self::Resolved {
            return vec![Self::Closed];
        }
        if strict {
            return later.take(1).collect();
        }
        later.filter(|phase| *phase != Self::Closed).collect()
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
