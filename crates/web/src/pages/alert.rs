//! One alert: what it says, what it became, and why.

use askama::Template;
use jiff::Timestamp;
use watchfire_core::Severity;
use watchfire_core::alert::Status;
use watchfire_core::incident::Phase;

use super::filters;

/// The room.
#[derive(Template)]
#[template(path = "alert.html", blocks = ["head", "facts", "receipts", "incidents"])]
pub(crate) struct AlertPage {
    pub(crate) now: Timestamp,
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) severity: Option<Severity>,
    pub(crate) source_severity: String,
    pub(crate) status: Status,
    pub(crate) flapping: bool,
    pub(crate) sample: bool,
    /// Until when a silence holds it.
    pub(crate) silenced: Option<Timestamp>,
    pub(crate) source: String,
    pub(crate) source_id: String,
    pub(crate) dedup_key: String,
    pub(crate) resource: String,
    /// Where it is looked up in the other system; checked to be http or https when it came in.
    pub(crate) link: String,
    pub(crate) class: String,
    pub(crate) episode: i64,
    pub(crate) count: i64,
    pub(crate) occurred_at: Timestamp,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) first_at: Timestamp,
    pub(crate) last_at: Timestamp,
    pub(crate) labels: Vec<(String, String)>,
    pub(crate) receipts: Vec<Receipt>,
    pub(crate) incidents: Vec<IncidentLine>,
    pub(crate) trace: Vec<TraceStep>,
    pub(crate) may_act: bool,
    pub(crate) may_configure: bool,
    pub(crate) failed: String,
}

/// One delivery that spoke of the alert.
#[derive(Clone, Debug)]
pub(crate) struct Receipt {
    pub(crate) event: String,
    pub(crate) source: String,
    pub(crate) at: Timestamp,
    pub(crate) change: String,
}

/// An incident that an alert or a search leads to.
#[derive(Clone, Debug)]
pub(crate) struct IncidentLine {
    pub(crate) short_id: String,
    pub(crate) title: String,
    pub(crate) severity: Option<Severity>,
    pub(crate) phase: Phase,
}

/// One decision on the way of an event.
#[derive(Clone, Debug)]
pub(crate) struct TraceStep {
    pub(crate) what: String,
    pub(crate) outcome: String,
    /// File and line of the rule, or empty.
    pub(crate) place: String,
    /// `done`, `cross` or `hold`.
    pub(crate) icon: &'static str,
    pub(crate) label: &'static str,
}
