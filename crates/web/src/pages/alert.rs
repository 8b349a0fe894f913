//! One alert: what it says, what it became, and why.

use askama::Template;
use axum::extract::Path;
use jiff::Timestamp;
use watchfire_core::Severity;
use watchfire_core::access::Right;
use watchfire_core::alert::{Change, Status};
use watchfire_core::id::AlertId;
use watchfire_core::incident::{Phase, Sensitivity};
use watchfire_engine::triage::Step;
use watchfire_engine::{AlertDetail, Error, IncidentRef};

use super::done::Done;
use super::failed::refusal;
use super::form::Fields;
use super::frame::Room;
use super::visit::{Answer, Visit, local};
use super::{filters, words};

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
    /// What keeps it quiet.
    pub(crate) held: Option<Held>,
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
    pub(crate) failed: String,
}

/// A silence or a maintenance window that keeps an alert quiet.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) words: String,
    /// The silence's id, where it is one.
    pub(crate) silence: Option<String>,
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
    /// Its title stays off paper.
    pub(crate) masked: bool,
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

/// Answers with the alert's page.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let room = build(&visit, &id).await?;
    visit.show(room.title.clone(), Room::Alerts, true, room).await
}

/// Gathers the alert's page.
///
/// # Errors
/// Not found for this reader, or the store does not answer.
pub(crate) async fn build(visit: &Visit, id: &str) -> Result<AlertPage, Error> {
    let id: AlertId = id.parse().map_err(|_| Error::NotFound("alert"))?;
    let detail = visit.engine.alert(&visit.who, id).await?;
    let held = held(visit, detail.alert.suppressed_by.as_deref()).await?;
    Ok(page(visit, detail, held))
}

/// Acknowledges it.
pub(crate) async fn acknowledge(visit: Visit, Path(id): Path<AlertId>) -> Answer {
    let done = visit.engine.acknowledge_alert(&visit.who, id).await.map(drop);
    answer(&visit, id, done, Done::Acknowledged).await
}

/// Acknowledges those that were selected in the list, and goes back to the list. One that is acknowledged or over by now is
/// left as it is.
pub(crate) async fn acknowledge_all(visit: Visit, fields: Fields) -> Answer {
    let ids: Vec<AlertId> = fields.all("alert").filter_map(|id| id.parse().ok()).collect();
    let mut acknowledged = 0;
    for id in ids {
        match visit.engine.acknowledge_alert(&visit.who, id).await {
            Ok(_) => acknowledged += 1,
            Err(Error::Refused(_) | Error::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let back = fields.get("back");
    Ok(Done::AlertsAcknowledged(acknowledged).at(local(if back.is_empty() { "/alerts" } else { back })))
}

/// Says by hand that it is over.
pub(crate) async fn resolve(visit: Visit, Path(id): Path<AlertId>, fields: Fields) -> Answer {
    let done = visit.engine.resolve_alert(&visit.who, id, fields.get("reason")).await.map(drop);
    answer(&visit, id, done, Done::AlertResolved).await
}

/// Silences it for a while.
pub(crate) async fn silence(visit: Visit, Path(id): Path<AlertId>, fields: Fields) -> Answer {
    let hours = fields.get("hours").parse().unwrap_or(0);
    let done = visit.engine.silence_alert(&visit.who, id, hours, fields.get("reason")).await.map(drop);
    answer(&visit, id, done, Done::AlertSilenced).await
}

/// Ends the silence that holds it.
pub(crate) async fn end_silence(visit: Visit, Path((id, silence)): Path<(AlertId, String)>) -> Answer {
    let done = visit.engine.end_silence(&visit.who, &silence).await;
    answer(&visit, id, done, Done::SilenceEnded).await
}

impl AlertPage {
    /// Returns the parts that live updates replace.
    pub(crate) fn parts(&self) -> askama::Result<Vec<String>> {
        Ok(vec![self.as_head().render()?, self.as_facts().render()?, self.as_receipts().render()?, self.as_incidents().render()?])
    }
}

impl IncidentLine {
    /// Names an incident.
    pub(crate) fn of(incident: &IncidentRef) -> Self {
        Self {
            short_id: incident.short_id.clone(),
            title: incident.title.clone(),
            severity: incident.severity,
            phase: incident.phase,
            masked: incident.sensitivity == Sensitivity::Employee,
        }
    }
}

impl TraceStep {
    /// Shows a step with the symbol of how it came out.
    pub(crate) fn of(step: &Step) -> Self {
        let outcome = step.outcome.as_str();
        let (icon, label) = if outcome.starts_with("no ") || outcome.starts_with("not ") {
            ("cross", "No")
        } else if outcome.contains("held") || outcome.contains("silence") || outcome.contains("maintenance") {
            ("hold", "Held")
        } else if outcome.contains("could not") {
            ("failed", "Failed")
        } else {
            ("done", "Yes")
        };
        Self { what: filters::title(&step.what), outcome: step.outcome.clone(), place: step.place.clone(), icon, label }
    }
}

/// Says what a receipt's change means.
pub(crate) fn change_words(change: Change) -> &'static str {
    match change {
        Change::Fired => "fired",
        Change::FiredAgain => "fired again: a new episode",
        Change::Worsened => "says that it is worse",
        Change::Repeated => "repeated it",
        Change::Acknowledged => "acknowledged it",
        Change::Resolved => "resolved it",
        Change::BecameUnknown => "cannot tell any more",
        Change::Noted => "wrote a note",
        Change::Stale => "spoke of an episode that is over",
    }
}

async fn answer(visit: &Visit, id: AlertId, outcome: Result<(), Error>, done: Done) -> Answer {
    match outcome {
        Ok(()) => Ok(done.at(&format!("/alerts/{id}"))),
        Err(error) => {
            let (status, message) = refusal(error)?;
            let mut room = build(visit, &id.to_string()).await?;
            message.trim_end_matches('.').clone_into(&mut room.failed);
            visit.show_as(status, room.title.clone(), Room::Alerts, true, room).await
        }
    }
}

/// Says what keeps the alert quiet.
async fn held(visit: &Visit, by: Option<&str>) -> Result<Option<Held>, Error> {
    let Some(by) = by else { return Ok(None) };
    let Some(id) = by.strip_prefix("silence ") else { return Ok(Some(Held { words: format!("Held by {by}"), silence: None })) };
    let silence = visit.engine.silences(&visit.who).await?.into_iter().find(|silence| silence.id == id);
    Ok(silence.map(|silence| Held {
        words: format!("Silenced until {} UTC by {}: {}", words::stamp(silence.until), silence.by, silence.reason),
        silence: Some(silence.id),
    }))
}

fn page(visit: &Visit, detail: AlertDetail, held: Option<Held>) -> AlertPage {
    let alert = detail.alert;
    // The newest decision that was written down; repeats carry none.
    let trace = detail.receipts.iter().find_map(|receipt| receipt.trace.as_deref());
    let steps: Vec<Step> = trace.and_then(|trace| serde_json::from_str(trace).ok()).unwrap_or_default();
    let receipt = |receipt: &watchfire_engine::Receipt| Receipt {
        event: receipt.event.to_string(),
        source: receipt.source_name.clone(),
        at: receipt.at,
        change: change_words(receipt.change).to_owned(),
    };
    AlertPage {
        now: visit.now,
        id: alert.id.to_string(),
        title: alert.title,
        description: alert.description,
        severity: alert.severity,
        source_severity: alert.source_severity.unwrap_or_default(),
        status: alert.current.status,
        flapping: alert.current.flapping,
        sample: alert.sample,
        held,
        source: alert.source_name,
        source_id: alert.source_id.to_string(),
        dedup_key: alert.dedup_key.to_string(),
        resource: alert.resource.unwrap_or_default(),
        link: alert.link.unwrap_or_default(),
        class: alert.class.map_or_else(String::new, |class| class.title().to_owned()),
        episode: alert.current.episode,
        count: alert.current.count,
        occurred_at: alert.current.occurred_at,
        ended_at: alert.current.ended_at.filter(|_| alert.current.status == Status::Resolved),
        first_at: alert.first_seen_at,
        last_at: alert.last_seen_at,
        labels: alert.labels.into_iter().collect(),
        receipts: detail.receipts.iter().map(receipt).collect(),
        incidents: detail.incidents.iter().map(IncidentLine::of).collect(),
        trace: steps.iter().map(TraceStep::of).collect(),
        may_act: visit.may(Right::Act),
        failed: String::new(),
    }
}
