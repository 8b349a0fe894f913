//! What one delivery says about one alert.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::DedupKey;
use crate::{Severity, incident::Class, limits, text};

/// The title of an observation whose sender gave none, such as a bare "close": it must not replace a known title.
pub const NO_TITLE: &str = "(no title)";

/// The labels of an alert: bounded in number and length by [`Observation::bounded`].
pub type Labels = BTreeMap<String, String>;

/// What an observation says of its alert.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Signal {
    /// The trouble is there.
    Firing,
    /// The trouble is there and open again in the other system: takes back what its sender itself had acknowledged or
    /// dismissed there. Senders that tell their whole state ("new", "not archived") say it each time.
    Reopened,
    /// A person has taken it up in the other system.
    Acknowledged,
    /// Nobody has it in hand any more in the other system; says nothing of what is over.
    Unacknowledged,
    /// The trouble is gone.
    Resolved,
    /// The sender cannot tell ("no data", "paused"): neither firing nor resolved.
    Unknown,
    /// Words about the alert, which change no state: a note, a new message.
    Note,
}

impl Signal {
    /// Tells whether it says that the trouble is there.
    pub fn is_trouble(self) -> bool {
        matches!(self, Self::Firing | Self::Reopened)
    }
}

/// The state of an alert.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Firing,
    Acknowledged,
    Resolved,
    Unknown,
}

impl Status {
    /// All states in the order in which people look at them.
    pub const ALL: [Self; 4] = [Self::Firing, Self::Acknowledged, Self::Unknown, Self::Resolved];

    /// Returns the word that the API and the store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Firing => "firing",
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
            Self::Unknown => "unknown",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// One part of a delivery: which alert it speaks of, and what it says.
///
/// All texts are as the sender wrote them, cleaned and bounded by [`Observation::bounded`]; nothing in them is trusted.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Observation {
    pub dedup_key: DedupKey,
    /// SHA-256 (lower-case hex) of the sender's own name for the group that this belongs to. One Alertmanager
    /// group arrives under the same hash through its webhook, PagerDuty and Opsgenie receivers.
    pub group: Option<String>,
    /// The whole delivery speaks of the group itself, not of a part of it (PagerDuty and Opsgenie forms).
    pub speaks_for_group: bool,
    pub signal: Signal,
    pub title: String,
    /// Plain text; empty if the sender gave none.
    pub description: String,
    /// The one scale; `None` is unknown, which is not low.
    pub severity: Option<Severity>,
    /// The sender's own word or number for severity.
    pub source_severity: Option<String>,
    /// The kind of trouble, where the sender's type tells it.
    pub class: Option<Class>,
    /// What is affected: a host, an ARN, `owner/repo`, `image:tag`, a URL.
    pub resource: Option<String>,
    /// Where people look it up in the other system; http or https.
    pub link: Option<String>,
    /// When it began, by the sender's clock.
    pub occurred_at: Option<Timestamp>,
    /// When it ended, by the sender's clock; with [`Signal::Resolved`] only.
    pub ended_at: Option<Timestamp>,
    /// The sender's times do not order its deliveries, only their arrival does: what fires after the end is a new episode,
    /// however old the time that it names.
    pub ordered_by_arrival: bool,
    pub labels: Labels,
    /// The vendor's own sample or test event: shown, but never pages or remediates.
    pub sample: bool,
}

impl Observation {
    /// Starts an observation with a key, a signal and a title; everything else is unknown.
    pub fn new(dedup_key: DedupKey, signal: Signal, title: impl Into<String>) -> Self {
        Self {
            dedup_key,
            group: None,
            speaks_for_group: false,
            signal,
            title: title.into(),
            description: String::new(),
            severity: None,
            source_severity: None,
            class: None,
            resource: None,
            link: None,
            occurred_at: None,
            ended_at: None,
            ordered_by_arrival: false,
            labels: Labels::new(),
            sample: false,
        }
    }

    /// Adds a label unless the value is empty.
    pub fn label(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.labels.insert(name.to_owned(), value);
        }
    }

    /// Cleans and bounds every text, so that nothing downstream meets control characters or endless values.
    ///
    /// An empty title becomes [`NO_TITLE`], a link that is not http(s) is dropped.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        self.title = text::line(&self.title, limits::TITLE_CHARS);
        if self.title.is_empty() {
            NO_TITLE.clone_into(&mut self.title);
        }
        self.description = text::prose(&self.description, limits::TEXT_CHARS);
        self.source_severity = bounded_line(self.source_severity, 64);
        self.resource = bounded_line(self.resource, limits::TITLE_CHARS);
        self.link = self.link.filter(|link| text::is_web_link(link));
        self.labels = std::mem::take(&mut self.labels)
            .into_iter()
            .take(limits::LABELS)
            .map(|(name, value)| (text::line(&name, limits::LABEL_NAME_CHARS), text::line(&value, limits::LABEL_VALUE_CHARS)))
            .collect();
        self
    }
}

fn bounded_line(value: Option<String>, chars: usize) -> Option<String> {
    value.map(|value| text::line(&value, chars)).filter(|value| !value.is_empty())
}
