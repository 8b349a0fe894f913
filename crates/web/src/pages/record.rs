//! The record: everything that happened, append-only, with filters.

use askama::Template;
use jiff::Timestamp;
use watchfire_core::id::IncidentId;
use watchfire_engine::{Entry, Error, RecordFilter};

use super::filters;
use super::frame::Room;
use super::incident::build::{entry_line, named};
use super::incident::whole::OfIncident;
use super::incidents::masked;
use super::lines::Line;
use super::list::{Choice, Pager};
use super::visit::{Answer, Visit};

/// The room.
#[derive(Template)]
#[template(path = "record.html", blocks = ["rows"])]
pub(crate) struct Record {
    /// The incident whose entries are shown alone.
    pub(crate) of: Option<OfIncident>,
    pub(crate) views: Vec<Choice>,
    pub(crate) incident: String,
    /// Who did it.
    pub(crate) actor: String,
    /// One kind of entry, by its word.
    pub(crate) kind: String,
    /// The span of time, as days or instants.
    pub(crate) from: String,
    pub(crate) until: String,
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
    /// What it says stays off paper.
    pub(crate) masked: bool,
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
    (
        "Alerts",
        "alerts",
        &["alert.fired", "alert.fired_again", "alert.worsened", "alert.acknowledged", "alert.resolved", "incident.alert_linked"],
    ),
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
        Some(id) if !id.trim().is_empty() => Some(visit.engine.incident(&visit.who, id).await?),
        _ => None,
    };
    let kinds = VIEWS.iter().find(|(_, word, _)| *word == view).map_or(&[][..], |(.., kinds)| kinds);
    let text = |name: &str| query.get(name).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let kinds = text("kind").map_or_else(|| kinds.iter().map(|kind| (*kind).to_owned()).collect(), |kind| vec![kind]);
    let filter = RecordFilter {
        incident: incident.as_ref().map(|detail| detail.incident.id),
        kinds,
        actor: text("actor").map(|who| if who == "me" { visit.login().to_owned() } else { who }),
        from: text("from").and_then(|text| instant(&text)),
        until: text("until").and_then(|text| instant(&text)),
        ..RecordFilter::default()
    };
    let page = visit.engine.record(&visit.who, filter, visit.page()).await?;
    let ids: Vec<IncidentId> = page.items.iter().filter_map(|entry| entry.incident).collect();
    let seen = visit.engine.incidents_seen(&visit.who, &ids).await?;
    let alerts = incident.iter().flat_map(|detail| &detail.alerts).map(|alert| (alert.id.to_string(), alert.title.clone()));
    let told = named(visit, &page.items).await?;
    let shown = alerts.chain(told).chain(seen.iter().map(|(id, incident)| (id.to_string(), incident.short_id.clone()))).collect();
    let row = |entry: &Entry| Row {
        line: entry_line(entry, &shown),
        recorded_at: entry.recorded_at,
        incident: entry.incident.map(|id| seen.get(&id).map_or_else(|| id.to_string(), |incident| incident.short_id.clone())),
        masked: entry.incident.and_then(|id| seen.get(&id)).is_some_and(|incident| masked(incident, visit.login())),
        hash: watchfire_core::text::hex(&entry.leaf_hash),
    };
    let choice = |(label, word, _): &(&str, &str, &[&str])| Choice {
        label: (*label).to_owned(),
        href: query.with("view", Some(*word).filter(|word| !word.is_empty())).href("/record"),
        on: *word == view,
        count: None,
    };
    let hint = "Everything that happened, newest first; nothing is changed or taken away";
    let of = incident.as_ref().map(|detail| OfIncident::new(visit, &detail.incident, "Record", hint, "record"));
    Ok(Record {
        of,
        views: VIEWS.iter().map(choice).collect(),
        incident: query.get("incident").unwrap_or_default().to_owned(),
        actor: query.get("actor").unwrap_or_default().to_owned(),
        kind: query.get("kind").unwrap_or_default().to_owned(),
        from: query.get("from").unwrap_or_default().to_owned(),
        until: query.get("until").unwrap_or_default().to_owned(),
        kept: query.except(&["incident", "actor", "kind", "from", "until", "cursor"]),
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

/// Reads an instant of RFC 3339 or a day, which begins at midnight UTC; anything else asks for nothing.
fn instant(text: &str) -> Option<Timestamp> {
    let day = || text.parse::<jiff::civil::Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    text.parse().ok().or_else(|| day().map(|day| day.timestamp()))
}
