//! A page and those whom it has told.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How far a page has come.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Somebody is to be told and nothing has left yet.
    Pending,
    /// It was handed to a channel.
    Sent,
    /// A channel says that it arrived.
    Delivered,
    /// It was answered as its policy asks.
    Acknowledged,
    /// All steps have passed; the fallback is told again and again.
    Exhausted,
    /// There is no need for it any more.
    Withdrawn,
}

impl Status {
    /// All states.
    pub const ALL: [Self; 6] = [Self::Pending, Self::Sent, Self::Delivered, Self::Acknowledged, Self::Exhausted, Self::Withdrawn];

    /// Returns the word that the API and the store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Acknowledged => "acknowledged",
            Self::Exhausted => "exhausted",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Tells whether an answer is still awaited.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Acknowledged | Self::Withdrawn)
    }
}

/// Where in its policy a page stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Both count from 0.
    Step {
        round: u32,
        step: u32,
    },
    Fallback,
}

impl fmt::Display for Place {
    /// Writes `step 1`, `round 2, step 1` or `fallback`; both count from 1.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Step { round: 0, step } => write!(f, "step {}", step + 1),
            Self::Step { round, step } => write!(f, "round {}, step {}", round + 1, step + 1),
            Self::Fallback => f.write_str("fallback"),
        }
    }
}

/// What has come back from a person.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    Waiting,
    Sent,
    Delivered,
    /// No contact took it.
    Unreachable,
    /// Disabled, or no longer there.
    Gone,
    Acknowledged,
}

impl Answer {
    /// Returns the word that the API and the store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Unreachable => "unreachable",
            Self::Gone => "gone",
            Self::Acknowledged => "acknowledged",
        }
    }

    /// Tells whether an answer may still come by the way that was taken.
    fn is_awaited(self) -> bool {
        matches!(self, Self::Waiting | Self::Sent | Self::Delivered)
    }
}

/// A person whom the page has told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Recipient {
    pub person: String,
    /// Where they were told last.
    pub place: Place,
    /// How often they were told.
    pub times: u32,
    pub told_at: Timestamp,
    pub answer: Answer,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
}

/// One escalation under one policy.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Page {
    pub status: Status,
    pub place: Place,
    /// Quiet hours do not hold: the incident is SEV1 or SEV2.
    pub urgent: bool,
    pub recipients: Vec<Recipient>,
    /// When it goes on by itself; `None` only after its end.
    pub due_at: Option<Timestamp>,
    /// Counts the instants that were set; a timer of an older one means nothing.
    pub turn: u32,
}

impl Page {
    /// Starts a page that has told nobody yet.
    pub fn new(urgent: bool) -> Self {
        Self {
            status: Status::Pending,
            place: Place::Step { round: 0, step: 0 },
            urgent,
            recipients: Vec::new(),
            due_at: None,
            turn: 0,
        }
    }

    /// Returns what is known of a person; `None` if they were never told.
    pub fn recipient(&self, person: &str) -> Option<&Recipient> {
        self.recipients.iter().find(|told| told.person == person)
    }

    pub(super) fn recipient_mut(&mut self, person: &str) -> Option<&mut Recipient> {
        self.recipients.iter_mut().find(|told| told.person == person)
    }

    /// Tells whether somebody at the present place may still answer by the way that was taken.
    pub(super) fn is_awaited_here(&self) -> bool {
        self.recipients.iter().any(|told| told.place == self.place && told.answer.is_awaited())
    }

    /// Tells whether nobody is left who was told and has not acknowledged; those who are gone do not count.
    pub(super) fn has_everyone(&self) -> bool {
        let mut here = self.recipients.iter().filter(|told| told.answer != Answer::Gone).peekable();
        here.peek().is_some() && here.all(|told| told.answer == Answer::Acknowledged)
    }
}
