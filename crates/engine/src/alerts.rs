//! Alerts as people see and handle them.

use watchfire_core::Severity;
use watchfire_core::access::{Identity, Right};
use watchfire_core::alert::{Change, Labels, Observation, Signal, Status, apply};
use watchfire_core::id::{AlertId, IncidentId};
use watchfire_core::incident::{Incident, Phase, Refusal, Sensitivity};
use watchfire_core::limits;
use watchfire_store::alert::{self, Alert, Receipt};
use watchfire_store::incident;

use crate::incidents::follow_signal;
use crate::{Engine, Error, Page, PageRequest, words};

/// An incident, named from elsewhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IncidentRef {
    pub id: IncidentId,
    pub short_id: String,
    pub title: String,
    pub severity: Option<Severity>,
    pub phase: Phase,
    pub sensitivity: Sensitivity,
}

impl IncidentRef {
    pub(crate) fn of(incident: &Incident) -> Self {
        Self {
            id: incident.id,
            short_id: incident.short_id.clone(),
            title: incident.title.clone(),
            severity: incident.severity,
            phase: incident.phase,
            sensitivity: incident.sensitivity,
        }
    }
}

/// An alert with the events that spoke of it and the incidents it belongs to.
#[derive(Clone, Debug)]
pub struct AlertDetail {
    pub alert: Alert,
    /// The newest receipts, at most [`limits::PAGE`].
    pub receipts: Vec<Receipt>,
    pub incidents: Vec<IncidentRef>,
}

impl Engine {
    /// Lists alerts that the caller may see, the last changed first.
    ///
    /// # Errors
    /// The cursor is not one of ours, or the store does not answer.
    pub async fn alerts(&self, who: &Identity, filter: alert::Filter, page: PageRequest) -> Result<Page<Alert>, Error> {
        who.may(Right::Read)?;
        let after = page.after()?;
        let mut reader = self.store().read().await?;
        Ok(alert::list(&mut reader, &who.scope(), &filter, after.as_ref(), page.rows()).await?.into())
    }

    /// Shows an alert.
    ///
    /// # Errors
    /// Not found for this caller, or the store does not answer.
    pub async fn alert(&self, who: &Identity, id: AlertId) -> Result<AlertDetail, Error> {
        who.may(Right::Read)?;
        let mut reader = self.store().read().await?;
        let alert = alert::get(&mut reader, &who.scope(), id).await?.ok_or(Error::NotFound("alert"))?;
        let mut receipts = alert::receipts(&mut reader, id, limits::PAGE).await?;
        let linked = alert::incidents_of(&mut reader, &who.scope(), id).await?;
        for receipt in &mut receipts {
            // An alert may belong to several incidents, of which the caller need not see all.
            if receipt.incident.is_some_and(|incident| !linked.contains(&incident)) {
                (receipt.incident, receipt.trace) = (None, None);
            }
        }
        let mut incidents = incident::by_ids(&mut reader, &linked).await?;
        incidents.sort_by_key(|incident| incident.id);
        Ok(AlertDetail { alert, receipts, incidents: incidents.iter().map(IncidentRef::of).collect() })
    }

    /// Acknowledges an alert: somebody has it. Its open incidents count as acknowledged too.
    ///
    /// # Errors
    /// Not found for this caller, not firing, or the store does not answer.
    pub async fn acknowledge_alert(&self, who: &Identity, id: AlertId) -> Result<Alert, Error> {
        self.turn(who, id, Signal::Acknowledged, String::new()).await
    }

    /// Says by hand that an alert's trouble is gone, for sources that never do.
    ///
    /// # Errors
    /// Not found for this caller, resolved already, no reason, or the store does not answer.
    pub async fn resolve_alert(&self, who: &Identity, id: AlertId, reason: &str) -> Result<Alert, Error> {
        let reason = words::prose("reason", reason, limits::TEXT_CHARS)?;
        if reason.is_empty() {
            return Err(Refusal::ReasonMissing.into());
        }
        self.turn(who, id, Signal::Resolved, reason).await
    }

    async fn turn(&self, who: &Identity, id: AlertId, signal: Signal, reason: String) -> Result<Alert, Error> {
        self.reach_alert(who, Right::Act, id).await?;
        let happening = self.happening(who);
        let flapping = self.0.plans.load().flapping;
        let with = self.with(happening.clone()).await?;
        let turned = self.store().write(move |tx| {
            let (happening, reason, with) = (happening.clone(), reason.clone(), with.clone());
            Box::pin(async move {
                let everything = Identity::machine("alerts").scope();
                let Some(mut alert) = alert::get(tx, &everything, id).await? else { return Ok(Err(Error::NotFound("alert"))) };
                let mut observation = Observation::new(alert.dedup_key.clone(), signal, alert.title.clone());
                observation.labels = Labels::new();
                let (current, change) = apply(Some(&alert.current), &observation, happening.now, flapping);
                if matches!(change, Change::Repeated | Change::Stale)
                    || (signal == Signal::Acknowledged && alert.current.status != Status::Firing)
                {
                    return Ok(Err(Refusal::Unchanged.into()));
                }
                alert.current = current;
                if signal == Signal::Acknowledged {
                    alert.acknowledged_by = Some(happening.actor.id().to_owned());
                }
                let open = incident::open_of_alerts(tx, &[id]).await?;
                let kind = if signal == Signal::Acknowledged { "alert.acknowledged" } else { "alert.resolved" };
                let mut draft = happening.draft(kind).secretly("title", &alert.title).secretly("reason", &reason);
                draft.alert = Some(id);
                draft.incident = open.first().map(|(_, incident)| incident.id);
                tx.record(draft);
                alert::save(tx, std::slice::from_ref(&alert)).await?;
                for (_, mut incident) in open {
                    let before = incident.clone();
                    if signal == Signal::Acknowledged && incident.acknowledged_at.is_none() {
                        let by = happening.actor.id().to_owned();
                        crate::incidents::record(
                            tx,
                            &mut incident,
                            &[watchfire_core::incident::Fact::Acknowledged { by }],
                            &happening,
                        );
                    }
                    follow_signal(tx, &mut incident, &happening).await?;
                    incident::save(tx, &incident).await?;
                    crate::paging::follow(tx, Some(&before), &incident, &with).await?;
                }
                Ok(Ok(alert))
            })
        });
        turned.await?
    }
}
