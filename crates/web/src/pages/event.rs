//! One event: bytes as received, what was read from them, and why it led where it did.

use askama::Template;
use jiff::Timestamp;

use super::alert::{IncidentLine, TraceStep};
use super::filters;

/// Characters of a body that the page shows; the rest is in the download.
pub(crate) const SHOWN_CHARS: usize = 20_000;

/// The room.
#[derive(Template)]
#[template(path = "event.html")]
pub(crate) struct EventPage {
    pub(crate) now: Timestamp,
    pub(crate) id: String,
    pub(crate) source: String,
    pub(crate) source_id: String,
    pub(crate) kind: String,
    pub(crate) at: Timestamp,
    pub(crate) status: String,
    pub(crate) reason: String,
    pub(crate) remark: String,
    pub(crate) trust: String,
    pub(crate) delivery_id: String,
    pub(crate) headers: Vec<(String, String)>,
    /// The body as text; what is no UTF-8 is shown with replacement characters.
    pub(crate) body: String,
    pub(crate) body_bytes: i64,
    pub(crate) cut: bool,
    pub(crate) outcome: String,
    pub(crate) steps: Vec<TraceStep>,
    pub(crate) parts: Vec<Part>,
    pub(crate) may_configure: bool,
}

/// What became of one alert of the event.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) alert: String,
    pub(crate) title: String,
    pub(crate) change: String,
    pub(crate) steps: Vec<TraceStep>,
    pub(crate) incident: Option<IncidentLine>,
}
