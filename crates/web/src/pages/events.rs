//! Events: deliveries as they came in, and what waits in quarantine.

use askama::Template;
use jiff::Timestamp;
use watchfire_core::event::Status;
use watchfire_engine::{Error, Event, EventFilter};

use super::filters;
use super::frame::Room;
use super::list::{Choice, Facet, Pager};
use super::query::Query;
use super::visit::{Answer, Visit};

/// The list.
#[derive(Template)]
#[template(path = "events.html", blocks = ["head", "rows"])]
pub(crate) struct Events {
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

/// Answers with the list.
pub(crate) async fn list(visit: Visit) -> Answer {
    let room = build(&visit).await?;
    visit.show("Events", Room::Events, true, room).await
}

/// Gathers the list that the address asks for.
///
/// # Errors
/// The role does not reach, the cursor is not one of ours, or the store does not answer.
pub(crate) async fn build(visit: &Visit) -> Result<Events, Error> {
    let query = &visit.query;
    let filter = EventFilter {
        source: query.get("source").and_then(|id| id.parse().ok()),
        status: query.get("status").and_then(Status::parse),
    };
    let page = visit.engine.events(&visit.who, filter, visit.page()).await?;
    let quarantined = visit.engine.counts(&visit.who).await?.quarantined;
    let sources = visit.engine.sources(&visit.who).await?;
    let view = |label, text| Choice::view(label, "/events", &Query::parse(text), query);
    let statuses = [Status::Pending, Status::Processed, Status::Quarantined].map(|status| {
        let count = (status == Status::Quarantined).then_some(quarantined);
        (status.as_str().to_owned(), filters::title(status.as_str()), count)
    });
    let from = sources.iter().map(|source| (source.id.to_string(), source.name.clone(), Some(source.events)));
    Ok(Events {
        quarantined,
        views: vec![view("All", ""), view("Quarantine", "status=quarantined")],
        facets: vec![
            Facet::one("State", "status", "/events", query, statuses),
            Facet::one("Source", "source", "/events", query, from),
        ],
        rows: page.items.iter().map(Row::of).collect(),
        pager: Pager::new("/events", query, page.items.len(), page.next.as_deref()),
    })
}

impl Events {
    /// Returns the parts that live updates replace.
    pub(crate) fn parts(&self) -> askama::Result<Vec<String>> {
        Ok(vec![self.as_head().render()?, self.as_rows().render()?])
    }
}

impl Row {
    fn of(event: &Event) -> Self {
        Self {
            id: event.id.to_string(),
            source: event.source_name.clone(),
            kind: event.source_kind.clone(),
            at: event.received_at,
            status: event.status.as_str().to_owned(),
            reason: event.reason.clone().unwrap_or_default(),
            trust: trust_words(&event.trust).to_owned(),
            alerts: event.alerts,
        }
    }
}

/// Says by what a delivery was believed.
pub(crate) fn trust_words(trust: &str) -> &str {
    match trust {
        "signed" => "Signature",
        "token" => "Token",
        "address_only" => "Address only",
        other => other,
    }
}
