//! Commands to an incident.

use std::sync::Arc;

use jiff::Timestamp;
use watchfire_core::access::{Identity, Right};
use watchfire_core::id::{AlertId, IncidentId};
use watchfire_core::incident::{Command, Fact, Incident, Phase, Refusal, Sensitivity, SignalState, Visibility};
use watchfire_core::limits;
use watchfire_store::{Error as StoreError, Tx, alert, entry, incident, resolution};

use super::verify::resolves;
use super::{Happening, record};
use crate::{Engine, Error, documents, grants, paging, responsibility, words};

impl Engine {
    /// Does what is asked of an incident, or says which law forbids it.
    ///
    /// # Errors
    /// Not found for this caller, refused by a law, changed meanwhile, or the store does not answer.
    pub async fn command(&self, who: &Identity, id: &str, command: Command) -> Result<Incident, Error> {
        let incident = self.reach(who, command.needs(), id).await?;
        let command = self.command_meant(who, command).await?;
        if let Command::MergeInto { incident: target, .. } = &command {
            // The target has to be one that the caller works on, and its alerts become as visible as it is.
            let target = self.reach(who, Right::Act, &target.to_string()).await?;
            keeps_shut(&incident, &target)?;
            // Whoever sees this one would learn that there is another that they do not see.
            if target.is_shut() && !incident.is_shut() {
                return Err(Refusal::MergeIntoHidden.into());
            }
        }
        if matches!(command, Command::SetSensitivity { .. }) && who.login().is_none() && !who.is_machine() {
            return Err(Error::invalid("sensitivity", "a person has to set it: they stay on the incident"));
        }
        if resolves(&command) && self.is_verified_by_others(who, &incident).await? {
            return self.propose_resolution(who, &incident, command).await;
        }
        let happening = self.happening(who);
        self.change(incident.id, happening, move |incident| incident.decide(&command)).await
    }

    /// Tells whether a command would be done now; changes nothing.
    ///
    /// # Errors
    /// Why it would not be, as [`Engine::command`] says it.
    pub async fn would(&self, who: &Identity, id: &str, command: Command) -> Result<(), Error> {
        let incident = self.reach(who, command.needs(), id).await?;
        let command = self.command_meant(who, command).await?;
        Ok(incident.decide(&command).map(drop)?)
    }

    /// Writes a note about something that happened or was learned of earlier, or that corrects an earlier entry.
    ///
    /// # Errors
    /// As [`Engine::command`]; times in the future are invalid, and so is a correction of another incident's entry.
    pub async fn note_at(
        &self,
        who: &Identity,
        id: &str,
        words: &str,
        occurred_at: Option<Timestamp>,
        known_at: Option<Timestamp>,
        corrects: Option<i64>,
    ) -> Result<(), Error> {
        let incident = self.reach(who, Right::Say, id).await?.id;
        let words = words::prose("text", words, limits::TEXT_CHARS)?;
        if words.is_empty() {
            return Err(Refusal::TextMissing.into());
        }
        let happening = self.happening(who);
        for (name, at) in [("occurred_at", occurred_at), ("known_at", known_at)] {
            if at.is_some_and(|at| at > happening.now) {
                return Err(Error::invalid(name, "it lies in the future"));
            }
        }
        if let Some(seq) = corrects {
            let mut reader = self.store().read().await?;
            let filter =
                entry::Filter { incident: Some(incident), after: Some(seq.saturating_sub(1)), ..entry::Filter::default() };
            let corrected = entry::list(&mut reader, &who.scope(), &filter, 1).await?;
            if corrected.first().is_none_or(|entry| entry.seq != seq) {
                return Err(Error::invalid("corrects", "the incident has no such entry"));
            }
        }
        let mut draft = watchfire_core::record::Draft::of_fact(
            &Fact::Noted { text: words },
            incident,
            happening.actor.clone(),
            happening.now,
        );
        draft.plan_version = happening.plan_version;
        draft.occurred_at = occurred_at.unwrap_or(happening.now);
        draft.known_at = known_at.unwrap_or(happening.now);
        draft.corrects = corrects;
        self.record_alone(draft).await
    }

    /// Links an alert to an incident.
    ///
    /// # Errors
    /// Either is not found for this caller, or they are linked already.
    pub async fn link_alert(&self, who: &Identity, id: &str, alert: AlertId) -> Result<Incident, Error> {
        let into = self.reach(who, Right::Act, id).await?;
        let incident = into.id;
        self.reach_alert(who, Right::Act, alert).await?;
        let mut reader = self.store().read().await?;
        for (_, known) in incident::open_of_alerts(&mut reader, &[alert]).await? {
            keeps_shut(&known, &into)?;
        }
        drop(reader);
        let happening = self.happening(who);
        let with = self.with(happening.clone()).await?;
        let changed = self.store().write(move |tx| {
            let (happening, with) = (happening.clone(), with.clone());
            Box::pin(async move {
                let Some(mut incident) = incident::by_id(tx, incident).await? else {
                    return Ok(Err(Error::NotFound("incident")));
                };
                let before = incident.clone();
                if !incident::link_alert(tx, incident.id, alert, happening.now).await? {
                    return Ok(Err(Refusal::Unchanged.into()));
                }
                record(tx, &mut incident, &[Fact::AlertLinked { alert }], &happening);
                follow_signal(tx, &mut incident, &happening).await?;
                incident::save(tx, &incident).await?;
                paging::follow(tx, Some(&before), &incident, &with).await?;
                Ok(Ok(incident))
            })
        });
        changed.await?
    }

    /// Says who acts, now, under the plans in force.
    pub(crate) fn happening(&self, who: &Identity) -> Happening {
        Happening::now(who.actor.clone(), self.now(), &self.0.plans.load().version)
    }

    /// Loads, decides, records and saves in one transaction.
    async fn change(
        &self,
        id: IncidentId,
        happening: Happening,
        decide: impl Fn(&Incident) -> Result<Vec<Fact>, Refusal> + Send + Sync + 'static,
    ) -> Result<Incident, Error> {
        let (engine, decide, plans) = (self.clone(), Arc::new(decide), self.plans());
        let with = self.with(happening.clone()).await?;
        let changed = self.store().write(move |tx| {
            let (engine, happening, with) = (engine.clone(), happening.clone(), with.clone());
            let (decide, plans) = (Arc::clone(&decide), Arc::clone(&plans));
            Box::pin(async move {
                let Some(before) = incident::by_id(tx, id).await? else { return Ok(Err(Error::NotFound("incident"))) };
                let mut incident = before.clone();
                let facts = match decide(&incident).and_then(|facts| paging::lead(&incident, facts, &with)) {
                    Ok(facts) => facts,
                    Err(refusal) => return Ok(Err(refusal.into())),
                };
                let mut target = merges_into(tx, &facts).await?;
                if let Some(target) = target.as_ref().filter(|target| !target.phase.is_open()) {
                    return Ok(Err(Refusal::MergeIntoOver { phase: target.phase }.into()));
                }
                record(tx, &mut incident, &facts, &happening);
                paging::staff(tx, Some(&before), &mut incident, &with);
                for fact in &facts {
                    if let Fact::SensitivityChanged { .. } = fact {
                        grants::stay(tx, &engine, &incident, &happening).await?;
                    }
                    if let (Fact::MergedInto { reason, .. }, Some(target)) = (fact, target.as_mut()) {
                        merge(tx, &incident, target, reason, &happening).await?;
                    }
                }
                if facts.iter().any(|fact| matches!(fact, Fact::PhaseChanged { to: Phase::Declared, .. })) {
                    documents::open(tx, &mut incident, &plans.incidents, &happening).await?;
                }
                incident::save(tx, &incident).await?;
                responsibility::follow(tx, &before, &incident, &with).await?;
                if before.phase != incident.phase {
                    resolution::remove(tx, incident.id).await?;
                    match (before.phase.is_open(), incident.phase.is_open()) {
                        // The alerts of a merged one fire on in the other.
                        (true, false) if incident.phase != Phase::Merged => alert::settle(tx, incident.id, happening.now).await?,
                        (false, true) => alert::unsettle(tx, incident.id).await?,
                        _ => {}
                    }
                }
                paging::follow(tx, Some(&before), &incident, &with).await?;
                Ok(Ok(incident))
            })
        });
        changed.await?
    }
}

/// Refuses to let what belongs to a restricted incident out through a more visible one before its scope is known.
fn keeps_shut(from: &Incident, into: &Incident) -> Result<(), Refusal> {
    let wider = (from.sensitivity == Sensitivity::Employee && into.sensitivity != Sensitivity::Employee)
        || (from.visibility == Visibility::Restricted && into.visibility == Visibility::Open);
    if wider && from.sensitivity == Sensitivity::Employee {
        return Err(Refusal::Sensitive);
    }
    if wider && from.scope_known_at.is_none() { Err(Refusal::ScopeUnknown) } else { Ok(()) }
}

/// Returns the incident that these facts merge another into, if they do.
async fn merges_into(tx: &mut Tx, facts: &[Fact]) -> Result<Option<Incident>, StoreError> {
    let target = facts.iter().find_map(|fact| if let Fact::MergedInto { incident, .. } = fact { Some(*incident) } else { None });
    match target {
        None => Ok(None),
        Some(target) => incident::by_id(tx, target).await?.ok_or(StoreError::Conflict).map(Some),
    }
}

/// Moves the alerts of a merged incident to the one that it went into, which learns of it.
async fn merge(
    tx: &mut Tx,
    merged: &Incident,
    target: &mut Incident,
    reason: &str,
    happening: &Happening,
) -> Result<(), StoreError> {
    let mut facts = vec![Fact::MergedFrom { incident: merged.id, reason: reason.to_owned() }];
    let linked = incident::link_all_of(tx, merged.id, target.id, happening.now).await?;
    facts.extend(linked.into_iter().map(|alert| Fact::AlertLinked { alert }));
    record(tx, target, &facts, happening);
    target.signalled = [target.signalled, merged.signalled].into_iter().flatten().min();
    follow_signal(tx, target, happening).await?;
    incident::save(tx, target).await
}

/// Sets the signal to what the linked alerts say now: present while any is not resolved.
pub(crate) async fn follow_signal(tx: &mut Tx, incident: &mut Incident, happening: &Happening) -> Result<(), StoreError> {
    let alerts = incident::alert_counts(tx, &[incident.id]).await?.get(&incident.id).copied().unwrap_or(0);
    let to = if alerts == 0 {
        SignalState::None
    } else if incident::with_open_alerts(tx, &[incident.id]).await?.is_empty() {
        SignalState::Gone
    } else {
        SignalState::Present
    };
    if to != incident.signal {
        record(tx, incident, &[Fact::SignalChanged { to }], happening);
    }
    Ok(())
}
