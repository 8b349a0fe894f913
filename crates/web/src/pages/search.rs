//! What a search found.

use askama::Template;

use super::alert::IncidentLine;
use super::alerts;
use super::filters;

/// The room.
#[derive(Template)]
#[template(path = "search.html")]
pub(crate) struct Search {
    pub(crate) now: jiff::Timestamp,
    pub(crate) text: String,
    pub(crate) incidents: Vec<IncidentLine>,
    pub(crate) alerts: Vec<alerts::Row>,
}
