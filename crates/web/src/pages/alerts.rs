//! The list of alerts.

use askama::Template;
use jiff::Timestamp;
use watchfire_core::Severity;
use watchfire_core::access::Right;
use watchfire_core::alert::Status;
use watchfire_core::id::SourceId;
use watchfire_engine::{Alert, AlertFilter, Error};

use super::filters;
use super::frame::Room;
use super::list::{Choice, Facet, Pager};
use super::query::Query;
use super::visit::{Answer, Visit};

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
    /// The reader may acknowledge.
    pub(crate) may_act: bool,
    /// This view's address, to come back to.
    pub(crate) address: String,
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

/// Answers with the list.
pub(crate) async fn list(visit: Visit) -> Answer {
    let room = build(&visit).await?;
    visit.show("Alerts", Room::Alerts, true, room).await
}

/// Gathers the list that the address asks for.
///
/// # Errors
/// The incident of the filter is not there, the cursor is not one of ours, or the store does not answer.
pub(crate) async fn build(visit: &Visit) -> Result<Alerts, Error> {
    let query = &visit.query;
    let incident = match query.get("incident") {
        Some(id) => Some(visit.engine.incident(&visit.who, id).await?.incident.id),
        None => None,
    };
    let filter = AlertFilter {
        statuses: statuses(query),
        severities: query.all("severity").into_iter().filter_map(|word| word.parse().ok()).collect(),
        source: query.get("source").and_then(|id| id.parse().ok()),
        team: query.get("team").map(str::to_owned),
        incident,
        text: query.get("q").map(str::to_owned),
    };
    let page = visit.engine.alerts(&visit.who, filter, visit.page()).await?;
    let counts = visit.engine.counts(&visit.who).await?;
    let sources = visit.engine.source_names(&visit.who).await.unwrap_or_default();
    let number = |status: &str| counts.alerts.get(status).copied().unwrap_or(0);
    Ok(Alerts {
        now: visit.now,
        firing: number("firing"),
        acknowledged: number("acknowledged"),
        unknown: number("unknown"),
        quarantined: counts.quarantined,
        views: views(query),
        facets: facets(query, &number, &sources),
        text: query.get("q").unwrap_or_default().to_owned(),
        kept: query.except(&["q", "cursor"]),
        rows: page.items.iter().map(Row::of).collect(),
        pager: Pager::new("/alerts", query, page.items.len(), page.next.as_deref()),
        may_act: visit.may(Right::Act),
        address: query.href("/alerts"),
    })
}

impl Alerts {
    /// Returns the parts that live updates replace.
    pub(crate) fn parts(&self) -> askama::Result<Vec<String>> {
        Ok(vec![self.as_head().render()?, self.as_rows().render()?])
    }
}

impl Row {
    /// Shows an alert as a row.
    pub(crate) fn of(alert: &Alert) -> Self {
        Self {
            id: alert.id.to_string(),
            title: alert.title.clone(),
            severity: alert.severity,
            status: alert.current.status,
            flapping: alert.current.flapping,
            sample: alert.sample,
            silenced: alert.suppressed_by.is_some(),
            source: alert.source_name.clone(),
            resource: alert.resource.clone().unwrap_or_default(),
            count: alert.current.count,
            occurred_at: alert.current.occurred_at,
            last_at: alert.last_seen_at,
        }
    }
}

/// Without a choice the list shows what is not resolved; the alerts of one incident are shown in every state.
fn statuses(query: &Query) -> Vec<Status> {
    let chosen: Vec<_> = query.all("status").into_iter().filter_map(Status::parse).collect();
    if chosen.is_empty() && query.get("incident").is_none() && query.get("q").is_none() {
        return vec![Status::Firing, Status::Acknowledged, Status::Unknown];
    }
    chosen
}

fn views(present: &Query) -> Vec<Choice> {
    let view = |label, text| Choice::view(label, "/alerts", &Query::parse(text), present);
    vec![
        view("Not resolved", ""),
        view("Firing", "status=firing"),
        view("SEV1 and SEV2", "severity=sev1,sev2"),
        view("Everything", "status=firing,acknowledged,unknown,resolved"),
    ]
}

fn facets(query: &Query, number: &dyn Fn(&str) -> i64, sources: &[(SourceId, String)]) -> Vec<Facet> {
    let label = |status: Status| if status == Status::Unknown { "No data".to_owned() } else { filters::title(status.as_str()) };
    let statuses = Status::ALL.map(|status| (status.as_str().to_owned(), label(status), Some(number(status.as_str()))));
    let severities = Severity::ALL.map(|level| (level.as_str().to_owned(), level.label().to_owned(), None));
    let sources = sources.iter().map(|(id, name)| (id.to_string(), name.clone(), None));
    vec![
        Facet::new("State", "status", "/alerts", query, statuses),
        Facet::new("Severity", "severity", "/alerts", query, severities),
        Facet::one("Source", "source", "/alerts", query, sources),
    ]
}
