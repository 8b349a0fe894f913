//! The list of incidents, sorted by what is due next.

use askama::Template;
use jiff::Timestamp;
use watchfire_core::Severity;
use watchfire_core::incident::{Class, Phase};

use super::due::Due;
use super::filters;
use super::list::{Choice, Facet, Pager};

/// The room.
#[derive(Template)]
#[template(path = "incidents.html", blocks = ["head", "rows"])]
pub(crate) struct Incidents {
    pub(crate) now: Timestamp,
    pub(crate) reader: String,
    pub(crate) open: i64,
    pub(crate) worst: Option<Severity>,
    pub(crate) views: Vec<Choice>,
    pub(crate) facets: Vec<Facet>,
    /// The text searched for.
    pub(crate) text: String,
    /// The other parameters of the view, for the search form.
    pub(crate) kept: Vec<(String, String)>,
    pub(crate) bands: Vec<Band>,
    pub(crate) pager: Pager,
    /// The last fact known, for an empty list.
    pub(crate) last_event: Option<Timestamp>,
    pub(crate) sources: i64,
}

/// Rows under one heading.
#[derive(Clone, Debug)]
pub(crate) struct Band {
    pub(crate) title: &'static str,
    pub(crate) rows: Vec<Row>,
}

/// One incident.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) short_id: String,
    pub(crate) codename: String,
    pub(crate) title: String,
    pub(crate) class: Class,
    pub(crate) severity: Option<Severity>,
    pub(crate) phase: Phase,
    pub(crate) restricted: bool,
    pub(crate) practice: bool,
    pub(crate) gone: bool,
    pub(crate) due: Option<Due>,
    pub(crate) alerts: i64,
    pub(crate) open_tasks: i64,
    pub(crate) commander: Option<String>,
    pub(crate) team: String,
    pub(crate) since: Timestamp,
}

impl Row {
    /// Tells whether the lack of a commander is trouble: the incident is declared and not over.
    fn vacant(&self) -> bool {
        self.phase >= Phase::Declared && self.phase.is_open()
    }
}

/// Puts rows into their bands: what the reader owes, what is open, what is resolved, what is over.
pub(crate) fn bands(rows: Vec<Row>) -> Vec<Band> {
    let mut bands = [
        Band { title: "You owe something", rows: Vec::new() },
        Band { title: "Open", rows: Vec::new() },
        Band { title: "Resolved, not closed", rows: Vec::new() },
        Band { title: "Closed, dismissed, merged", rows: Vec::new() },
    ];
    for row in rows {
        let at = match row.phase {
            phase if phase.is_final() => 3,
            Phase::Resolved => 2,
            _ if row.due.as_ref().is_some_and(|due| due.yours) => 0,
            _ => 1,
        };
        if let Some(band) = bands.get_mut(at) {
            band.rows.push(row);
        }
    }
    bands.into_iter().filter(|band| !band.rows.is_empty()).collect()
}
