//! Stalled incidents: nothing has changed for too long.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use watchfire_core::incident::Incident;
use watchfire_store::{Error as StoreError, Tx, incident, paging, timer};

use super::drive::With;
use crate::{Engine, Error};

/// The timer that looks whether an incident has stalled; its subject is the incident.
pub(crate) const STALL: &str = "incident.stall";

/// Starts to watch an incident.
pub(super) async fn watch(tx: &mut Tx, incident: &Incident, with: &With) -> Result<(), StoreError> {
    let wait = with.roster.plans.escalation.stalled_after(incident.severity);
    let due_at = later(with.happening.now, wait);
    timer::put(tx, due_at, STALL, &incident.id.to_string(), &json!({})).await
}

/// Watches an incident no longer.
pub(super) async fn forget(tx: &mut Tx, incident: &Incident) -> Result<(), StoreError> {
    timer::cancel(tx, STALL, &incident.id.to_string()).await.map(drop)
}

impl Engine {
    /// Looks whether an incident has stalled, and records it once for each time that nothing changed for too long.
    pub(crate) async fn look_for_stall(&self, due: &timer::Timer) -> Result<(), Error> {
        let with = self.with_machine("due_timers").await?;
        let due = due.clone();
        self.store()
            .write(move |tx| {
                let (due, with) = (due.clone(), with.clone());
                Box::pin(async move { look(tx, &due, &with).await })
            })
            .await?;
        Ok(())
    }

    /// Tells since when nothing has changed in an open incident, if that is too long.
    ///
    /// # Errors
    /// Not found for this caller, or the store does not answer.
    pub async fn stalled_since(&self, who: &watchfire_core::access::Identity, id: &str) -> Result<Option<Timestamp>, Error> {
        let incident = self.find(who, id).await?;
        if !incident.phase.is_open() {
            return Ok(None);
        }
        let mut reader = self.store().read().await?;
        let changed_at = paging::last_change(&mut reader, incident.id).await?.unwrap_or(incident.updated_at);
        let wait = self.0.plans.load().escalation.stalled_after(incident.severity);
        Ok((later(changed_at, wait) <= self.now()).then_some(changed_at))
    }
}

async fn look(tx: &mut Tx, due: &timer::Timer, with: &With) -> Result<(), StoreError> {
    if !timer::done(tx, due).await? {
        return Ok(());
    }
    let Ok(id) = due.subject.parse() else { return Ok(()) };
    let Some(incident) = incident::by_id(tx, id).await?.filter(|incident| incident.phase.is_open()) else { return Ok(()) };
    let now = with.happening.now;
    let changed_at = paging::last_change(tx, id).await?.unwrap_or(incident.updated_at);
    let wait = with.roster.plans.escalation.stalled_after(incident.severity);
    let (mark, told) = (watchfire_core::time::micros(changed_at), due.body["told"].as_i64());
    let over_at = later(changed_at, wait);
    if over_at > now {
        return timer::put(tx, over_at, STALL, &due.subject, &due.body).await;
    }
    if told != Some(mark) {
        let mut draft = with.happening.draft("incident.stalled");
        draft.incident = Some(id);
        tx.record(draft.with("since", watchfire_core::time::rfc3339(changed_at)).with("after_seconds", wait.as_secs()));
    }
    timer::put(tx, later(now, wait), STALL, &due.subject, &json!({ "told": mark })).await
}

fn later(at: Timestamp, wait: SignedDuration) -> Timestamp {
    at.checked_add(wait).unwrap_or(Timestamp::MAX)
}
