//! Why an event did what it did, or did nothing.

use watchfire_core::access::Identity;
use watchfire_core::alert::Change;
use watchfire_core::event::Status;
use watchfire_core::id::EventId;
use watchfire_store::alert::{self, Alert};
use watchfire_store::incident;

use crate::triage::Step;
use crate::{Engine, Error, EventDetail, IncidentRef};

/// The way of one event through the flow.
#[derive(Clone, Debug)]
pub struct Explanation {
    pub event: EventDetail,
    /// One sentence: what came of it.
    pub outcome: String,
    /// The steps before any alert: received, verified, read.
    pub steps: Vec<Step>,
    pub alerts: Vec<ExplainedAlert>,
}

/// What the event did to one alert.
#[derive(Clone, Debug)]
pub struct ExplainedAlert {
    pub alert: Alert,
    pub change: Change,
    /// The decision's steps as they were taken then, under the plans of then.
    pub steps: Vec<Step>,
    pub plan_version: String,
    pub incident: Option<IncidentRef>,
}

impl Engine {
    /// Tells for an event which source and key, which alert, which rule, which incident, or why nothing happened.
    ///
    /// # Errors
    /// Not found for this caller, or the store does not answer.
    pub async fn explain(&self, who: &Identity, id: EventId) -> Result<Explanation, Error> {
        let detail = self.event(who, id).await?;
        let mut reader = self.store().read().await?;
        let mut alerts = Vec::new();
        for receipt in alert::receipts_of_event(&mut reader, id).await? {
            let Some(alert) = detail.alerts.iter().find(|alert| alert.id == receipt.alert) else { continue };
            let incident = match receipt.incident {
                Some(incident) => incident::get(&mut reader, &who.scope(), &incident.to_string()).await?,
                None => None,
            };
            let recorded = receipt.trace.as_deref().and_then(|trace| serde_json::from_str(trace).ok());
            let mut steps = recorded.unwrap_or_else(|| vec![Step::new("alert", meaning(receipt.change), "")]);
            if let Some(incident) = &incident {
                steps.extend(crate::paging::steps_of(&mut reader, incident.id, &self.0.plans.load()).await?);
            }
            alerts.push(ExplainedAlert {
                steps,
                alert: alert.clone(),
                change: receipt.change,
                plan_version: receipt.plan_version,
                incident: incident.as_ref().map(IncidentRef::of),
            });
        }
        let event = &detail.event;
        let mut steps = vec![
            Step::new(
                "received",
                format!("from source {} ({}), {} bytes", event.source_name, event.source_kind, detail.body.len()),
                "",
            ),
            Step::new("verified", format!("trust: {}", event.trust), ""),
        ];
        let outcome = match (event.status, &event.reason, &event.remark) {
            (Status::Pending, ..) => "it is stored and waits to be processed".to_owned(),
            (Status::Quarantined, reason, _) => {
                let reason = reason.as_deref().unwrap_or("unknown");
                steps.push(Step::new("read", format!("could not be read: {reason}"), ""));
                format!("it is in quarantine: {reason}")
            }
            (Status::Processed, _, Some(remark)) if alerts.is_empty() => format!("nothing to alert about: {remark}"),
            (Status::Processed, ..) => summary(&alerts),
        };
        if event.status == Status::Processed {
            steps.push(Step::new("read", format!("speaks of {}", alerts_of(usize::try_from(event.alerts).unwrap_or(0))), ""));
        }
        Ok(Explanation { event: detail, outcome, steps, alerts })
    }
}

fn summary(alerts: &[ExplainedAlert]) -> String {
    let mut incidents: Vec<_> =
        alerts.iter().filter_map(|alert| alert.incident.as_ref().map(|incident| &incident.short_id)).collect();
    incidents.sort_unstable();
    incidents.dedup();
    let names = incidents.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(", ");
    match (alerts.len(), incidents.len()) {
        (0, _) => "it spoke of no alert that you may see".to_owned(),
        (count, 0) => format!("{}, no incident", alerts_of(count)),
        (count, _) => format!("{}, incident {names}", alerts_of(count)),
    }
}

fn alerts_of(count: usize) -> String {
    if count == 1 { "1 alert".to_owned() } else { format!("{count} alerts") }
}

fn meaning(change: Change) -> &'static str {
    match change {
        Change::Fired | Change::FiredAgain => "it fires",
        Change::Worsened => "it still fires, and is worse than before",
        Change::Repeated => "a repeat: the alert was as it is already",
        Change::Acknowledged => "acknowledged in the other system",
        Change::Resolved => "the trouble is gone",
        Change::BecameUnknown => "the sender can no longer tell: neither firing nor resolved",
        Change::Noted => "words only, no change of state",
        Change::Stale => "it speaks of an episode that is over: kept as a receipt",
    }
}
