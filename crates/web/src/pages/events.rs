//! Events: deliveries as they came in, and what waits in quarantine.

use askama::Template;
use jiff::Timestamp;

use super::filters;
use super::list::{Choice, Facet, Pager};

/// The list.
#[derive(Template)]
#[template(path = "events.html", blocks = ["head", "rows"])]
pub(crate) struct Events {
    pub(crate) now: Timestamp,
    pub(crate) quarantined: i64,
    pub(crate) views: Vec<Choice>,
    pub(crate) facets: Vec<Facet>,
    pub(crate) rows: Vec<Row>,
    pub(crate) pager: Pager,
}

/// One event.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) source: String,
    pub(crate) kind: String,
    pub(crate) at: Timestamp,
    /// `pending`, `processed` or `quarantined`.
    pub(crate) status: String,
    pub(crate) reason: String,
    pub(crate) trust: String,
    pub(crate) alerts: i64,
}
