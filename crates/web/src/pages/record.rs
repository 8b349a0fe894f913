//! The record: everything that happened, append-only, with filters.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use askama::Template;
use jiff::Timestamp;
use watchfire_core::id::IncidentId;
use watchfire_engine::{Entry, Error, RecordFilter};

use super::filters;
use super::frame::Room;
use super::incident::build::entry_line;
use super::lines::Line;
use super::list::{Choice, Pager};
use super::visit::{Answer, Visit};

/// The room.
#[derive(Template)]
#[template(path = "record.html", blocks = ["rows"])]
pub(crate) struct Record {
    pub(crate) views: Vec<Choice>,
    pub(crate) incident: String,
    pub(crate) kept: Vec<(String, String)>,
    pub(crate) rows: Vec<Row>,
    pub(crate) pager: Pager,
}

/// One entry.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) line: Line,
    pub(crate) recorded_at: Timestamp,
    pub(crate) incident: Option<String>,
    pub(crate) hash: String,
}

/// Returns the beginning of a leaf's hash; the whole stands in the title.
pub(crate) fn short_hash(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

/// Answers with the record.
pub(crate) async fn list(visit: Visit) -> Answer {
    let room = build(&visit).await?;
    visit.show("Record", Room::Record, true, room).await
}

/// The views of the record: label, query word, kinds of entry.
const VIEWS: [(&str, &str, &[&str]); 6] = [
    ("Everything", "", &[]),
    (
        "Decisions",
        "decisions",
        &[
            "incident.severity_changed",
            "incident.phase_changed",
            "incident.reopened",
            "incident.visibility_changed",
            "incident.triaged",
        ],
    ),
    ("Alerts", "alerts", &["alert.fired", "alert.fired_again", "alert.acknowledged", "alert.resolved", "incident.alert_linked"]),
    ("Sources", "sources", &["source.added", "source.changed", "source.rotated", "source.disabled", "source.enabled"]),
    ("Plans", "plans", &["plans.applied"]),
    ("Access", "access", &["token.added", "token.revoked", "sign_in.link_made", "session.opened"]),
];

/// Gathers the part of the record that the address asks for.
///
/// # Errors
/// The incident is not there, the cursor is not one of ours, or the store does not answer.
pub(crate) async fn build(visit: &Visit) -> Result<Record, Error> {
    let query = &visit.query;
    let view = query.get("view").unwrap_or_default();
    let incident = match query.get("incident") {
        Some(id) => Some(visit.engine.incident(&visit.who, id).await?),
        None => None,
    };
    let kinds = VIEWS.iter().find(|(_, word, _)| *word == view).map_or(&[][..], |(.., kinds)| kinds);
    let filter = RecordFilter {
        incident: incident.as_ref().map(|detail| detail.incident.id),
        kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        ..RecordFilter::default()
    };
    let page = visit.engine.record(&visit.who, filter, visit.page()).await?;
    let names = names(visit, &page.items).await?;
    let alerts = incident.iter().flat_map(|detail| &detail.alerts).map(|alert| (alert.id.to_string(), alert.title.clone()));
    let shown = alerts.chain(names.iter().map(|(id, short)| (id.to_string(), short.clone()))).collect();
    let row = |entry: &Entry| Row {
        line: entry_line(entry, &shown, visit.login()),
        recorded_at: entry.recorded_at,
        incident: entry.incident.map(|id| names.get(&id).cloned().unwrap_or_else(|| id.to_string())),
        hash: watchfire_core::text::hex(&entry.leaf_hash),
    };
    let choice = |(label, word, _): &(&str, &str, &[&str])| Choice {
        label: (*label).to_owned(),
        href: query.with("view", Some(*word).filter(|word| !word.is_empty())).href("/record"),
        on: *word == view,
        count: None,
    };
    Ok(Record {
        views: VIEWS.iter().map(choice).collect(),
        incident: query.get("incident").unwrap_or_default().to_owned(),
        kept: query.except(&["incident", "cursor"]),
        rows: page.items.iter().map(row).collect(),
        pager: Pager::new("/record", query, page.items.len(), page.next.as_deref()),
    })
}

impl Record {
    /// Returns the parts that live updates replace.
    pub(crate) fn parts(&self) -> askama::Result<Vec<String>> {
        Ok(vec![self.as_rows().render()?])
    }
}

/// Finds the short ids of the incidents that entries belong to.
async fn names(visit: &Visit, entries: &[Entry]) -> Result<HashMap<IncidentId, String>, Error> {
    let mut names = HashMap::new();
    for id in entries.iter().filter_map(|entry| entry.incident) {
        if let Slot::Vacant(slot) = names.entry(id) {
            match visit.engine.incident(&visit.who, &id.to_string()).await {
                Ok(detail) => drop(slot.insert(detail.incident.short_id)),
                Err(Error::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(names)
}
