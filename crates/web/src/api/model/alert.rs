//! Alerts and silences.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use watchfire_core::Severity;
use watchfire_core::alert::{Change, Status};
use watchfire_core::id::{AlertId, EventId};
use watchfire_core::incident::Class;
use watchfire_engine::{Alert, AlertDetail, IncidentRef, Page, Receipt, Silence};

use super::words::{AlertStatusWord, ChangeWord, ClassWord, SeverityWord};
use super::{At, IncidentRefDocument};

/// What a source says is wrong.
#[derive(Serialize, ToSchema)]
#[schema(as = Alert)]
pub(crate) struct AlertDocument {
    #[schema(value_type = String, format = "uuid")]
    id: AlertId,
    /// The source's name.
    source: String,
    /// The source's kind, such as `alertmanager`.
    source_kind: String,
    title: String,
    /// Plain text; empty if the sender gave none.
    description: String,
    #[schema(value_type = Option<SeverityWord>)]
    severity: Option<Severity>,
    /// The sender's own word for severity.
    source_severity: Option<String>,
    #[schema(value_type = AlertStatusWord)]
    status: Status,
    /// Typed and versioned: `<scheme>:<version>:<value>`; unique within the source.
    dedup_key: String,
    /// What is affected: a host, an ARN, `owner/repo`, a URL.
    resource: Option<String>,
    /// Where to look it up in the other system.
    link: Option<String>,
    /// When this episode began, by the sender's clock where it has one.
    occurred_at: At,
    /// The event that last spoke of it.
    #[schema(value_type = String, format = "uuid")]
    event_id: EventId,
    #[schema(value_type = Option<ClassWord>)]
    class: Option<Class>,
    /// Whose queue it is in.
    team: String,
    labels: BTreeMap<String, String>,
    /// How often it was spoken of.
    count: i64,
    /// Counts from 1; firing again after resolved is a new episode.
    episode: i64,
    first_seen_at: At,
    last_seen_at: At,
    ended_at: Option<At>,
    /// SHA-256 of the sender's name for the group that it belongs to.
    group: Option<String>,
    /// The vendor's own test event.
    sample: bool,
    /// It goes back and forth and raises nothing new meanwhile.
    flapping: bool,
    /// What holds it back: a silence or a maintenance window.
    suppressed_by: Option<String>,
    acknowledged_by: Option<String>,
    /// Short ids of the incidents that it belongs to and that you may see; only where one alert is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    incidents: Option<Vec<String>>,
    /// The newest events that spoke of it; only where one alert is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    receipts: Option<Vec<ReceiptDocument>>,
}

/// That an event spoke of an alert, and what it changed.
#[derive(Serialize, ToSchema)]
#[schema(as = Receipt)]
pub(crate) struct ReceiptDocument {
    #[schema(value_type = String, format = "uuid")]
    event_id: EventId,
    /// The name of the source through which it came.
    source: String,
    at: At,
    #[schema(value_type = ChangeWord)]
    change: Change,
}

/// One page of alerts, the last changed first.
#[derive(Serialize, ToSchema)]
pub(crate) struct AlertPage {
    items: Vec<AlertDocument>,
    next: Option<String>,
}

/// Alerts that raise nothing for a while.
#[derive(Serialize, ToSchema)]
#[schema(as = Silence)]
pub(crate) struct SilenceDocument {
    id: String,
    /// Fields and labels with the value that each must have.
    #[schema(value_type = BTreeMap<String, String>)]
    matcher: Value,
    reason: String,
    created_by: String,
    starts_at: At,
    ends_at: At,
}

/// The silences in force.
#[derive(Serialize, ToSchema)]
pub(crate) struct SilenceList {
    items: Vec<SilenceDocument>,
    next: Option<String>,
}

impl From<Alert> for AlertDocument {
    fn from(alert: Alert) -> Self {
        Self {
            id: alert.id,
            source: alert.source_name,
            source_kind: alert.source_kind,
            title: alert.title,
            description: alert.description,
            severity: alert.severity,
            source_severity: alert.source_severity,
            status: alert.current.status,
            dedup_key: alert.dedup_key.as_str().to_owned(),
            resource: alert.resource,
            link: alert.link,
            occurred_at: At(alert.current.occurred_at),
            event_id: alert.event,
            class: alert.class,
            team: alert.team,
            labels: alert.labels,
            count: alert.current.count,
            episode: alert.current.episode,
            first_seen_at: At(alert.first_seen_at),
            last_seen_at: At(alert.last_seen_at),
            ended_at: alert.current.ended_at.map(At),
            group: alert.group,
            sample: alert.sample,
            flapping: alert.current.flapping,
            suppressed_by: alert.suppressed_by,
            acknowledged_by: alert.acknowledged_by,
            incidents: None,
            receipts: None,
        }
    }
}

impl From<AlertDetail> for AlertDocument {
    fn from(detail: AlertDetail) -> Self {
        let incidents = detail.incidents.into_iter().map(|incident| incident.short_id).collect();
        let receipts = detail.receipts.into_iter().map(ReceiptDocument::from).collect();
        Self { incidents: Some(incidents), receipts: Some(receipts), ..Self::from(detail.alert) }
    }
}

impl From<Receipt> for ReceiptDocument {
    fn from(receipt: Receipt) -> Self {
        Self { event_id: receipt.event, source: receipt.source_name, at: At(receipt.at), change: receipt.change }
    }
}

impl From<Page<Alert>> for AlertPage {
    fn from(page: Page<Alert>) -> Self {
        Self { items: page.items.into_iter().map(AlertDocument::from).collect(), next: page.next }
    }
}

impl From<Silence> for SilenceDocument {
    fn from(silence: Silence) -> Self {
        Self {
            id: silence.id,
            matcher: silence.matcher,
            reason: silence.reason,
            created_by: silence.by,
            starts_at: At(silence.from),
            ends_at: At(silence.until),
        }
    }
}

impl From<Vec<Silence>> for SilenceList {
    fn from(silences: Vec<Silence>) -> Self {
        Self { items: silences.into_iter().map(SilenceDocument::from).collect(), next: None }
    }
}

impl From<IncidentRef> for IncidentRefDocument {
    fn from(incident: IncidentRef) -> Self {
        Self { id: incident.short_id, title: incident.title, severity: incident.severity, phase: incident.phase }
    }
}
