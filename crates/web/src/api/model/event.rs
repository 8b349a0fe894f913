//! Events and what became of them.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use watchfire_core::alert::Change;
use watchfire_core::event::Status;
use watchfire_core::id::EventId;
use watchfire_engine::triage::Step;
use watchfire_engine::{Event, EventDetail, ExplainedAlert, Explanation, Page};

use super::words::{ChangeWord, EventStatusWord};
use super::{AlertDocument, At, IncidentRefDocument};

/// One delivery as received.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
pub(crate) struct EventDocument {
    #[schema(value_type = String, format = "uuid")]
    id: EventId,
    /// The source's name.
    source: String,
    source_kind: String,
    received_at: At,
    #[schema(value_type = EventStatusWord)]
    status: Status,
    /// How far it can be believed: signed, token or address_only.
    trust: String,
    /// The sender's own id of the delivery.
    delivery_id: Option<String>,
    /// Why it is in quarantine.
    reason: Option<String>,
    /// Why there was nothing to alert about.
    remark: Option<String>,
    /// Request headers; credentials are not kept.
    headers: BTreeMap<String, String>,
    /// The body; bytes that are no UTF-8 are shown as U+FFFD, and `body_is_text` is false.
    body: String,
    body_is_text: bool,
    body_bytes: usize,
    alert_count: i64,
    /// The alerts that it spoke of and that you may see.
    alerts: Vec<AlertDocument>,
}

/// One delivery in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = EventSummary)]
pub(crate) struct EventRow {
    #[schema(value_type = String, format = "uuid")]
    id: EventId,
    source: String,
    source_kind: String,
    received_at: At,
    #[schema(value_type = EventStatusWord)]
    status: Status,
    trust: String,
    reason: Option<String>,
    remark: Option<String>,
    alert_count: i64,
}

/// One page of events, the newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventPage {
    items: Vec<EventRow>,
    next: Option<String>,
}

/// The way of one event through the flow.
#[derive(Serialize, ToSchema)]
#[schema(as = Explanation)]
pub(crate) struct ExplanationDocument {
    event: EventDocument,
    /// One sentence: what came of it.
    outcome: String,
    /// The steps before any alert: received, verified, read.
    steps: Vec<StepDocument>,
    /// What it did to each alert.
    parts: Vec<PartDocument>,
}

/// What an event did to one alert.
#[derive(Serialize, ToSchema)]
#[schema(as = ExplainedAlert)]
pub(crate) struct PartDocument {
    alert: AlertDocument,
    #[schema(value_type = ChangeWord)]
    change: Change,
    /// The decision's steps as they were taken then.
    steps: Vec<StepDocument>,
    /// The version of the plans that it was decided under.
    plan_version: String,
    incident: Option<IncidentRefDocument>,
}

/// One step of a decision.
#[derive(Serialize, ToSchema)]
#[schema(as = Step)]
pub(crate) struct StepDocument {
    what: String,
    outcome: String,
    /// Where it is decided, such as `routing.yaml:31`; empty if nowhere.
    place: String,
}

impl From<EventDetail> for EventDocument {
    fn from(detail: EventDetail) -> Self {
        let event = detail.event;
        Self {
            id: event.id,
            source: event.source_name,
            source_kind: event.source_kind,
            received_at: At(event.received_at),
            status: event.status,
            trust: event.trust,
            delivery_id: event.delivery_id,
            reason: event.reason,
            remark: event.remark,
            headers: detail.headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body_is_text: std::str::from_utf8(&detail.body).is_ok(),
            body_bytes: detail.body.len(),
            body: String::from_utf8_lossy(&detail.body).into_owned(),
            alert_count: event.alerts,
            alerts: detail.alerts.into_iter().map(AlertDocument::from).collect(),
        }
    }
}

impl From<Event> for EventRow {
    fn from(event: Event) -> Self {
        Self {
            id: event.id,
            source: event.source_name,
            source_kind: event.source_kind,
            received_at: At(event.received_at),
            status: event.status,
            trust: event.trust,
            reason: event.reason,
            remark: event.remark,
            alert_count: event.alerts,
        }
    }
}

impl From<Page<Event>> for EventPage {
    fn from(page: Page<Event>) -> Self {
        Self { items: page.items.into_iter().map(EventRow::from).collect(), next: page.next }
    }
}

impl From<Explanation> for ExplanationDocument {
    fn from(explanation: Explanation) -> Self {
        Self {
            event: explanation.event.into(),
            outcome: explanation.outcome,
            steps: steps(explanation.steps),
            parts: explanation.alerts.into_iter().map(PartDocument::from).collect(),
        }
    }
}

impl From<ExplainedAlert> for PartDocument {
    fn from(part: ExplainedAlert) -> Self {
        Self {
            alert: part.alert.into(),
            change: part.change,
            steps: steps(part.steps),
            plan_version: part.plan_version,
            incident: part.incident.map(IncidentRefDocument::from),
        }
    }
}

fn steps(steps: Vec<Step>) -> Vec<StepDocument> {
    steps.into_iter().map(|step| StepDocument { what: step.what, outcome: step.outcome, place: step.place }).collect()
}
