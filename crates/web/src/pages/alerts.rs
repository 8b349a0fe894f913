//! The list of alerts.

use askama::Template;
use jiff::Timestamp;
use watchfire_core::Severity;
use watchfire_core::alert::Status;

use super::filters;
use super::list::{Choice, Facet, Pager};

/// The room.
#[derive(Template)]
#[template(path = "alerts.html", blocks = ["head", "rows"])]
pub(crate) struct Alerts {
    pub(crate) now: Timestamp,
    pub(crate) firing: i64,
    pub(crate) acknowledged: i64,
    pub(crate) unknown: i64,
    pub(crate) quarantined: i64,
    pub(crate) views: Vec<Choice>,
    pub(crate) facets: Vec<Facet>,
    pub(crate) text: String,
    pub(crate) kept: Vec<(String, String)>,
    pub(crate) rows: Vec<Row>,
    pub(crate) pager: Pager,
}

/// One alert.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) severity: Option<Severity>,
    pub(crate) status: Status,
    pub(crate) flapping: bool,
    pub(crate) sample: bool,
    pub(crate) silenced: bool,
    pub(crate) source: String,
    pub(crate) resource: String,
    pub(crate) count: i64,
    pub(crate) occurred_at: Timestamp,
    pub(crate) last_at: Timestamp,
}
