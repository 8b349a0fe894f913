//! Stalled incidents: nothing has changed for too long.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use watchfire_core::id::IncidentId;
use watchfire_core::incident::Incident;
use watchfire_store::{Conn, Error as StoreError, Tx, incident, paging, timer};

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
        let mut reader = self.store().read().await?;
        Ok(self.stalled(&mut reader, std::slice::from_ref(&incident)).await?.remove(&incident.id))
    }

    /// Tells of several incidents since when nothing has changed in them; those that are over or move on are left out.
    pub(crate) async fn stalled(
        &self,
        reader: &mut Conn,
        incidents: &[Incident],
    ) -> Result<HashMap<IncidentId, Timestamp>, Error> {
        let (plans, now) = (self.0.plans.load_full(), self.now());
        let is_late = |incident: &Incident, changed_at: Timestamp| {
            later(changed_at, plans.escalation.stalled_after(incident.severity)) <= now
        };
        // A row that changed a moment ago need not be looked up in the record.
        let quiet = incidents.iter().filter(|incident| incident.phase.is_open() && is_late(incident, incident.updated_at));
        let quiet: Vec<&Incident> = quiet.collect();
        let ids: Vec<IncidentId> = quiet.iter().map(|incident| incident.id).collect();
        let changes = paging::last_changes(reader, &ids).await?;
        let since = |incident: &Incident| changes.get(&incident.id).copied().unwrap_or(incident.updated_at);
        let late = quiet.into_iter().map(|incident| (incident, since(incident)));
        Ok(late.filter(|(incident, at)| is_late(incident, *at)).map(|(incident, at)| (incident.id, at)).collect())
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
