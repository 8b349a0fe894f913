//! A fair reading of an event whose form nobody told us.

use jiff::Timestamp;
use watchfire_core::Severity;
use watchfire_core::alert::{Labels, Observation, Signal};
use watchfire_core::source::Malformed;

use super::node::instant;
use super::{Node, link_of};

/// What an event of unknown form seems to say.
#[derive(Debug)]
pub(crate) struct Guess {
    /// The sender's own name for the alert, if one of the usual fields has one.
    pub(crate) key: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) signal: Option<Signal>,
    description: String,
    source_severity: Option<String>,
    pub(crate) resource: Option<String>,
    link: Option<String>,
    occurred_at: Option<Timestamp>,
    labels: Labels,
    /// A field for the state that says none of the usual words; in an event of a service it may be a state of something else.
    pub(crate) no_state: Option<&'static str>,
    /// Why there is no title, if a field for one is there.
    pub(crate) no_title: Option<Malformed>,
}

const KEY: &[&str] = &[
    "dedup_key",
    "dedupKey",
    "deduplication_key",
    "fingerprint",
    "alias",
    "incident_key",
    "alert_id",
    "alertId",
    "incident_id",
    "key",
    "uid",
    "id",
];
const TITLE: &[&str] =
    &["title", "summary", "subject", "name", "alert_name", "alertname", "message", "msg", "text", "rule", "description"];
const DESCRIPTION: &[&str] = &["description", "details", "message", "body", "text", "reason"];
const SEVERITY: &[&str] = &["severity", "priority", "level", "urgency", "criticality", "risk"];
const STATUS: &[&str] = &["status", "state", "alert_status", "event_action", "action"];
/// Those of them that mean nothing else: an `action` may be "blocked".
const STATED: &[&str] = &["status", "state", "alert_status"];
const RESOURCE: &[&str] =
    &["resource", "host", "hostname", "instance", "service", "target", "entity", "component", "source", "asset"];
const LINK: &[&str] = &["link", "url", "html_url", "web_url", "permalink", "href", "alert_url", "generatorURL"];
const TIME: &[&str] = &[
    "occurred_at",
    "started_at",
    "startsAt",
    "timestamp",
    "time",
    "@timestamp",
    "date",
    "created_at",
    "createdAt",
    "event_time",
];

/// Reads the fields that most tools have under one of their usual names.
///
/// A field of another type than expected is passed over, since its meaning is only guessed; where nothing else tells the
/// title, severity or time, that is noted.
///
/// # Errors
/// None at present.
pub(crate) fn guess(node: &Node<'_>) -> Result<Guess, Malformed> {
    let text = |names: &[&str]| names.iter().find_map(|name| node.scalar(name).ok().flatten());
    let labels = match node.node("labels") {
        Ok(Some(_)) => node.labels("labels")?,
        _ => scalars(node),
    };
    let title = text(TITLE);
    let status = STATUS.iter().filter_map(|name| node.scalar(name).ok().flatten()).find_map(|word| signal_of(&word));
    let severity = text(SEVERITY).or_else(|| labels.get("severity").cloned());
    let occurred_at = TIME.iter().find_map(|name| instant(node.key(name)?));
    let wrong = |names: &'static [&'static str]| names.iter().find(|name| node.scalar(name).is_err());
    let no_title = wrong(TITLE).filter(|_| title.is_none());
    if let Some(name) = no_title {
        node.note_type(name, "a text");
    }
    if let Some(name) = wrong(SEVERITY).filter(|_| severity.is_none()) {
        node.note_type(name, "a word or number");
    }
    if let Some(name) = TIME.iter().find(|name| node.key(name).is_some()).filter(|_| occurred_at.is_none()) {
        // Notes what is wrong with it.
        node.time(name)?;
    }
    let links: Vec<Option<String>> = LINK.iter().map(|name| node.scalar(name).ok().flatten()).collect();
    let links: Vec<Option<&str>> = links.iter().map(Option::as_deref).collect();
    Ok(Guess {
        key: text(KEY),
        description: text(DESCRIPTION).filter(|description| Some(description) != title.as_ref()).unwrap_or_default(),
        title,
        signal: status,
        source_severity: severity,
        resource: text(RESOURCE),
        link: link_of(&links),
        occurred_at,
        labels,
        // A number is a code, such as HTTP's.
        no_state: STATED
            .iter()
            .copied()
            .find(|name| node.key(name).is_some_and(|value| !value.is_number()))
            .filter(|_| status.is_none()),
        no_title: no_title.and_then(|name| node.scalar(name).err()),
    })
}

impl Guess {
    /// Writes what was read into an observation, leaving what it already knows.
    pub(crate) fn fill(self, observation: &mut Observation) {
        if observation.description.is_empty() {
            observation.description = self.description;
        }
        observation.severity = observation.severity.or_else(|| self.source_severity.as_deref().and_then(Severity::from_word));
        observation.source_severity = observation.source_severity.take().or(self.source_severity);
        observation.resource = observation.resource.take().or(self.resource);
        observation.link = observation.link.take().or(self.link);
        observation.occurred_at = observation.occurred_at.or(self.occurred_at);
        for (name, value) in self.labels {
            observation.labels.entry(name).or_insert(value);
        }
    }
}

/// Reads the words that tools use for the state of an alert; anything else says nothing.
pub(crate) fn signal_of(word: &str) -> Option<Signal> {
    let word: String = word.trim().to_ascii_lowercase().replace(['-', ' '], "_");
    Some(match word.as_str() {
        "firing" | "triggered" | "trigger" | "alerting" | "alert" | "alarm" | "open" | "opened" | "active" | "problem"
        | "down" | "failed" | "failure" | "failing" | "critical" | "error" | "new" | "create" | "created" | "detected" => {
            Signal::Firing
        }
        "reopened" => Signal::Reopened,
        "acknowledged" | "acknowledge" | "ack" | "acked" | "in_progress" | "investigating" | "suppressed" | "dismissed"
        | "ignored" | "muted" => Signal::Acknowledged,
        "resolved" | "resolve" | "ok" | "closed" | "close" | "recovered" | "recovery" | "up" | "fixed" | "cleared" | "clear"
        | "healthy" | "normal" | "passed" | "succeeded" | "success" | "inactive" => Signal::Resolved,
        "unknown" | "no_data" | "nodata" | "insufficient_data" | "paused" | "stale" => Signal::Unknown,
        _ => return None,
    })
}

/// Names that are likely to carry a credential; their values do not become labels.
pub(crate) fn is_confidential(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["secret", "token", "password", "passwd", "api_key", "apikey", "private_key", "authorization", "cookie", "routing_key"]
        .iter()
        .any(|word| name.contains(word))
}

fn scalars(node: &Node<'_>) -> Labels {
    node.object()
        .iter()
        .filter(|(name, value)| !is_confidential(name) && (value.is_string() || value.is_number() || value.is_boolean()))
        .filter_map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
            (!text.is_empty() && text.len() <= 256).then(|| (name.clone(), text))
        })
        .collect()
}
