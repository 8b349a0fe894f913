//! What a change of an incident means for its roles and pages; in the transaction of the change.

use std::sync::Arc;

use watchfire_core::access::Identity;
use watchfire_core::actor::Actor;
use watchfire_core::escalation::{Directory, Event, Policy, Target};
use watchfire_core::incident::{Fact, Incident, Kind, Refusal, Sensitivity};
use watchfire_store::paging::{self, Page};
use watchfire_store::{Error as StoreError, Tx};

use super::drive::{Cause, With, begin, drive, is_urgent};
use super::notice;
use super::roster::Roster;
use super::stall;
use crate::incidents::{Happening, record};
use crate::{Engine, Error};

impl Engine {
    /// Reads what following needs, before the transaction begins.
    ///
    /// # Errors
    /// The store does not answer.
    pub(crate) async fn with(&self, happening: Happening) -> Result<With, Error> {
        Ok(With { roster: self.roster().await?, ..self.with_nobody(happening) })
    }

    /// As [`Engine::with`] without looking who is there, for what begins no page.
    pub(crate) fn with_nobody(&self, happening: Happening) -> With {
        let resolving = self.0.channels.values().map(|channel| channel.about());
        let resolving = resolving.filter(|about| about.capabilities.resolve).map(|about| about.kind).collect();
        With {
            roster: Arc::new(Roster::nobody(self.0.plans.load_full(), happening.now)),
            happening,
            chance: Arc::clone(&self.0.chance),
            base_url: self.0.base_url.clone(),
            resolving: Arc::new(resolving),
            authors: Arc::default(),
        }
    }

    /// As [`Engine::with`], for what Watchfire does by itself.
    pub(crate) async fn with_machine(&self, name: &str) -> Result<With, Error> {
        self.with(self.happening(&Identity::machine(name))).await
    }
}

/// Adds the fact that somebody leads where these facts declare an incident that nobody leads.
///
/// # Errors
/// Nobody can lead it.
pub(crate) fn lead(incident: &Incident, facts: Vec<Fact>, with: &With) -> Result<Vec<Fact>, Refusal> {
    with.staffing(incident).lead(incident, facts)
}

/// Fills the vacant roles that the plans fill by themselves, when an incident came to be (`before` is `None`) or became
/// another kind of trouble; at other times a role that somebody left stays empty. The caller saves the incident.
pub(crate) fn staff(tx: &mut Tx, before: Option<&Incident>, incident: &mut Incident, with: &With) {
    let judged = |incident: &Incident| (incident.severity, incident.class, incident.team.clone(), incident.needs_commander());
    if before.is_some_and(|before| judged(before) == judged(incident)) {
        return;
    }
    let facts = with.staffing(incident).fill(incident);
    // Who fills a role by the plans was named by the plans, not by whoever changed the incident.
    let happening = Happening { actor: Actor::machine("roles"), ..with.happening.clone() };
    record(tx, incident, &facts, &happening);
}

/// Begins, raises and ends pages after an incident came to be (`before` is `None`) or changed. The incident is saved
/// already.
///
/// # Errors
/// As the store.
pub(crate) async fn follow(tx: &mut Tx, before: Option<&Incident>, incident: &Incident, with: &With) -> Result<(), StoreError> {
    if incident.kind == Kind::Test {
        return Ok(());
    }
    if !incident.phase.is_open() {
        if before.is_some_and(|before| before.phase.is_open()) {
            tell_all(tx, incident, &Event::Withdrawn, with).await?;
            stall::forget(tx, incident).await?;
        }
        return Ok(());
    }
    if before.is_none_or(|before| !before.phase.is_open()) {
        stall::watch(tx, incident, with).await?;
    }
    if before.is_some_and(|before| before.acknowledged_at.is_none()) && incident.acknowledged_at.is_some() {
        let by = with.happening.actor.id().to_owned();
        tell_all(tx, incident, &Event::IncidentAcknowledged { by }, with).await?;
    }
    if is_urgent(incident) && before.is_some_and(|before| !is_urgent(before)) {
        tell_all(tx, incident, &Event::BecameUrgent, with).await?;
    }
    let plans = Arc::clone(&with.roster.plans);
    let mut pages = if before.is_some() { paging::of_incident(tx, incident.id).await? } else { Vec::new() };
    if let Some(rule) = plans.escalation.rule(incident)
        && let Some(policy) = plans.escalation.policy(&rule.policy)
    {
        let view = with.view(tx, incident).await?;
        let reason = format!("rule {} of escalation.yaml{}", rule.name, notice::also(incident, policy, &view, with));
        let cause = Cause { purpose: format!("respond:{}", policy.name), reason };
        pages.extend(need(tx, incident, policy, cause, &pages, with).await?);
    }
    let mut teams = paging::teams_of(tx, incident.id).await?;
    teams.push(incident.team.clone());
    teams.extend(paged_teams(&pages));
    teams.sort_unstable();
    teams.dedup();
    if let Some((policy, why)) = plans.escalation.coordination(incident, teams.len()) {
        let cause = Cause { purpose: format!("coordinate:{}", policy.name), reason: format!("coordination: {why}") };
        pages.extend(need(tx, incident, policy, cause, &pages, with).await?);
    }
    notice::notify(tx, before.is_some(), incident, &pages, with).await
}

/// Begins a page unless there is one for its purpose, or unless it would tell nobody but the person who acts and those whom
/// a page of the incident has told already.
async fn need(
    tx: &mut Tx,
    incident: &Incident,
    policy: &Policy,
    cause: Cause,
    pages: &[Page],
    with: &With,
) -> Result<Option<Page>, StoreError> {
    let view = with.view(tx, incident).await?;
    let people = policy.steps.first().into_iter().flat_map(|step| step.targets.iter().flat_map(|target| view.people(target)));
    let mut people: Vec<String> = people.collect();
    if incident.sensitivity == Sensitivity::Employee && people.is_empty() {
        people = notice::first(policy, &view).into_iter().collect();
        if people.is_empty() {
            return Ok(None);
        }
    }
    if !people.is_empty() {
        let acts = matches!(with.happening.actor, Actor::Person { .. }).then(|| with.happening.actor.id());
        let told = |person: &String| pages.iter().any(|page| page.state.recipient(person).is_some());
        if people.iter().all(|person| acts == Some(person.as_str()) || told(person)) {
            return Ok(None);
        }
    }
    begin(tx, incident, policy, cause, with).await
}

/// Hands an event to all pages of an incident that await an answer.
pub(super) async fn tell_all(tx: &mut Tx, incident: &Incident, event: &Event, with: &With) -> Result<(), StoreError> {
    for mut page in paging::of_incident(tx, incident.id).await?.into_iter().filter(|page| page.ended_at.is_none()) {
        drive(tx, &mut page, incident, event, with).await?;
    }
    Ok(())
}

/// Returns the teams that pages of an incident name: a team that was called is involved.
fn paged_teams(pages: &[Page]) -> Vec<String> {
    let targets = pages.iter().flat_map(|page| page.policy.steps.iter().flat_map(|step| &step.targets));
    let team = |target: &Target| match target {
        Target::Team(team) => Some(team.clone()),
        _ => None,
    };
    targets.filter_map(team).collect()
}
