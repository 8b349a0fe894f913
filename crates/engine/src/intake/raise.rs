//! Writing a batch: alerts, receipts, incidents and entries in one transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::Timestamp;
use watchfire_core::Severity;
use watchfire_core::actor::Actor;
use watchfire_core::alert::{Change, Status};
use watchfire_core::chance::{self, Chance};
use watchfire_core::id::{AlertId, IncidentId};
use watchfire_core::incident::{Fact, Incident, Kind, Phase, Postmortem, SignalState};
use watchfire_store::alert::{Alert, Receipt};
use watchfire_store::event::{self, Settled};
use watchfire_store::grant::{Grant, Grantee};
use watchfire_store::{Error, Tx, alert, grouping, incident, outbox, responsibility};

use super::authors;
use super::fold::{Effect, Fold};
use crate::documents;
use crate::grants::{by_plan, give, give_once};
use crate::incidents::{Happening, name, record};
use crate::paging::{self, With};
use crate::responsibility::answers;
use crate::triage::{Decision, Step};

/// The outbox kind of an address that has to be called once to finish a subscription.
pub(crate) const CONFIRM: &str = "source.confirm";

/// An alert that fires, and what the plans say about it.
pub(super) struct Raise {
    pub(super) alert: AlertId,
    pub(super) decision: Decision,
}

/// A batch, ready to be written as often as the store needs to try.
pub(super) struct Prepared {
    settled: Vec<Settled>,
    alerts: HashMap<AlertId, Alert>,
    dirty: Vec<AlertId>,
    effects: Vec<Effect>,
    raises: Vec<Raise>,
    confirm: Vec<String>,
    happening: Happening,
    with: With,
}

impl Prepared {
    pub(super) fn new(fold: Fold<'_>, raises: Vec<Raise>, confirm: Vec<String>, with: With) -> Self {
        let mut dirty: Vec<_> = fold.dirty.into_iter().collect();
        dirty.sort_unstable();
        let happening = with.happening.clone();
        Self { settled: fold.settled, alerts: fold.alerts, dirty, effects: fold.effects, raises, confirm, happening, with }
    }
}

/// The incidents that a batch touches.
#[derive(Default)]
struct Touched {
    incidents: BTreeMap<IncidentId, Incident>,
    fresh: HashSet<IncidentId>,
    /// The sources of the alerts that raised the fresh ones.
    sources: HashMap<IncidentId, String>,
    changed: BTreeSet<IncidentId>,
    /// How incidents were before the batch, for those that it changes.
    before: HashMap<IncidentId, Incident>,
    of_alert: HashMap<AlertId, IncidentId>,
    groups: HashMap<String, IncidentId>,
    traces: HashMap<AlertId, Vec<Step>>,
    links: Vec<(IncidentId, AlertId)>,
    grants: Vec<Grant>,
    /// Rights that a playbook gives to those who have none by it yet.
    by_playbook: BTreeMap<(IncidentId, Grantee), Grant>,
    /// Grouping key, the incident that takes it, and until when.
    windows: BTreeMap<String, (IncidentId, Timestamp)>,
}

impl Touched {
    /// Finds the open incidents that still take alerts of these groups.
    async fn take_groups(&mut self, tx: &mut Tx, keys: &[String], now: Timestamp) -> Result<(), Error> {
        if keys.is_empty() {
            return Ok(());
        }
        let mut open = grouping::find(tx, keys).await?;
        open.retain(|(_, _, until)| *until >= now);
        let ids: Vec<_> = open.iter().map(|(_, incident, _)| *incident).collect();
        for incident in incident::by_ids(tx, &ids).await?.into_iter().filter(|incident| incident.phase.is_open()) {
            self.incidents.entry(incident.id).or_insert(incident);
        }
        for (key, incident, _) in open {
            if self.incidents.contains_key(&incident) {
                self.groups.insert(key, incident);
            }
        }
        Ok(())
    }
}

/// Writes the batch.
///
/// # Errors
/// [`Error::Conflict`] if another node settled one of the events or changed one of the alerts since they were read.
pub(super) async fn write(tx: &mut Tx, batch: &Prepared, chance: &dyn Chance) -> Result<(), Error> {
    if !tx.try_exclusive().await? {
        return Err(Error::Conflict);
    }
    if event::settle(tx, &batch.settled).await?.len() != batch.settled.len() {
        return Err(Error::Conflict);
    }
    let alerts: Vec<_> = batch.dirty.iter().filter_map(|id| batch.alerts.get(id).cloned()).collect();
    alert::save(tx, &alerts).await?;

    let mut touched = Touched::default();
    let moved: Vec<_> = batch.effects.iter().filter(|effect| turns(effect.change)).map(|effect| effect.alert).collect();
    for (alert, incident) in incident::open_of_alerts(tx, &moved).await? {
        touched.of_alert.insert(alert, incident.id);
        touched.incidents.insert(incident.id, incident);
    }
    let keys: Vec<_> = batch.raises.iter().filter_map(|raise| raise.decision.group_key.clone()).collect();
    touched.take_groups(tx, &keys, batch.happening.now).await?;
    for raise in &batch.raises {
        if let Some(alert) = batch.alerts.get(&raise.alert) {
            raise_one(tx, &mut touched, alert, &raise.decision, &batch.with, chance).await?;
        }
    }
    receipts(tx, batch, &touched).await?;
    entries(tx, batch, &touched);
    save(tx, touched, batch).await?;
    for address in &batch.confirm {
        outbox::put(tx, CONFIRM, None, &serde_json::Value::from(address.as_str())).await?;
    }
    Ok(())
}

/// Decides again about alerts that were held back (silenced, flapping) and still fire, and raises what is held no longer.
///
/// # Errors
/// As the store.
pub(crate) async fn reconsider(tx: &mut Tx, held: &[(Alert, Decision)], with: &With, chance: &dyn Chance) -> Result<(), Error> {
    let (happening, mut touched) = (&with.happening, Touched::default());
    let keys: Vec<_> = held.iter().filter_map(|(_, decision)| decision.group_key.clone()).collect();
    touched.take_groups(tx, &keys, happening.now).await?;
    let alerts: Vec<_> = held.iter().map(|(alert, _)| alert.clone()).collect();
    alert::save(tx, &alerts).await?;
    for (alert, decision) in held {
        raise_one(tx, &mut touched, alert, decision, with, chance).await?;
    }
    insert_and_link(tx, &touched, with).await?;
    save_changed(tx, &touched, with).await
}

async fn raise_one(
    tx: &mut Tx,
    touched: &mut Touched,
    alert: &Alert,
    decision: &Decision,
    with: &With,
    chance: &dyn Chance,
) -> Result<(), Error> {
    let happening = &with.happening;
    let mut trace = decision.trace.clone();
    let outcome = if let Some(known) = touched.of_alert.get(&alert.id).copied() {
        trace.push(Step::new("incident", "it belongs to an open incident already", ""));
        Some(known)
    } else if !decision.incident || alert.current.flapping {
        trace.push(Step::new("incident", "none is raised; the alert waits in its team's queue", ""));
        None
    } else if let Some(known) = decision.group_key.as_ref().and_then(|key| touched.groups.get(key)).copied() {
        trace.push(Step::new("incident", "an open incident takes this group", ""));
        Some(known)
    } else {
        let incident = begin(tx, alert, decision, with, chance).await?;
        trace.push(Step::new("incident", "a new incident is raised", ""));
        let id = incident.id;
        let granted = decision.grants.iter().map(|(team, level)| by_plan(chance, id, team, *level, happening));
        touched.grants.extend(granted);
        touched.fresh.insert(id);
        touched.sources.insert(id, alert.source_name.clone());
        touched.incidents.insert(id, incident);
        Some(id)
    };
    touched.traces.insert(alert.id, trace);
    let Some(id) = outcome else { return Ok(()) };
    let Some(incident) = touched.incidents.get_mut(&id) else { return Ok(()) };
    let mut facts = Vec::new();
    if touched.of_alert.insert(alert.id, id).is_none() {
        facts.push(Fact::AlertLinked { alert: alert.id });
        touched.links.push((id, alert.id));
        let author = authors::grant(&with.roster.plans, &with.authors, incident, alert, happening, chance);
        if let Some(author) = author {
            // The first commit of a person names the reason.
            touched.by_playbook.entry((id, author.grantee.clone())).or_insert(author);
        }
    }
    facts.extend(worse(incident, decision.severity));
    let called_for = [incident.signalled, decision.severity].into_iter().flatten().min();
    if (!facts.is_empty() || called_for != incident.signalled) && !touched.fresh.contains(&id) {
        let before = touched.before.entry(id).or_insert_with(|| incident.clone()).clone();
        incident.signalled = called_for;
        record(tx, incident, &facts, happening);
        paging::staff(tx, Some(&before), incident, with);
        touched.changed.insert(id);
    } else {
        incident.signalled = called_for;
        record(tx, incident, &facts, happening);
    }
    if let Some(key) = &decision.group_key {
        touched.groups.insert(key.clone(), id);
        let until = happening.now.checked_add(decision.group_window).unwrap_or(happening.now);
        touched.windows.insert(key.clone(), (id, until));
    }
    Ok(())
}

/// Starts the incident that an alert raises, with the facts of how it came to be.
async fn begin(tx: &mut Tx, alert: &Alert, decision: &Decision, with: &With, chance: &dyn Chance) -> Result<Incident, Error> {
    let happening = &with.happening;
    let now = happening.now;
    let mut incident = Incident {
        id: chance::id(chance, now),
        short_id: String::new(),
        codename: String::new(),
        title: decision.title.clone(),
        summary: String::new(),
        class: decision.class,
        severity: decision.severity,
        phase: Phase::Reported,
        team: decision.team.clone(),
        visibility: decision.visibility,
        sensitivity: watchfire_core::incident::Sensitivity::Normal,
        kind: if alert.labels.get("watchfire_kind").is_some_and(|kind| kind == "drill") { Kind::Drill } else { Kind::Real },
        signal: SignalState::Present,
        roles: Vec::new(),
        postmortem: Postmortem::NotDue,
        // A sender that names no beginning, or one to come, leaves it unknown; the alert then begins when we learned of it.
        occurred_at: (alert.current.occurred_at < alert.current.changed_at).then_some(alert.current.occurred_at),
        detected_at: alert.current.changed_at,
        acknowledged_at: None,
        declared_at: None,
        resolved_at: None,
        closed_at: None,
        scope_known_at: None,
        signalled: decision.severity,
        merged_into: None,
        rule: decision.rule.clone(),
        plan_version: happening.plan_version.clone(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    name(tx, &mut incident, chance).await?;
    let mut facts = vec![Fact::Reported { rule: decision.rule.clone() }];
    if !decision.rule.is_empty() {
        let (class, severity, team) = (decision.class, decision.severity, decision.team.clone());
        facts.push(Fact::Triaged { class, severity, team });
    }
    if decision.declare && decision.severity.is_some() {
        let reason = format!("rule {} declares at once", decision.rule);
        let declared = Fact::PhaseChanged { from: Phase::Triaged, to: Phase::Declared, reason };
        let declared = facts.iter().cloned().chain([declared]).collect();
        // Where nobody can lead, it waits for a person to declare it.
        facts = paging::lead(&incident, declared, with).unwrap_or(facts);
    }
    record(tx, &mut incident, &facts, happening);
    paging::staff(tx, None, &mut incident, with);
    if incident.declared_at.is_some() {
        documents::open(tx, &mut incident, &decision.incidents, happening).await?;
    }
    Ok(incident)
}

/// An alert that is worse than those before raises the severity, whoever chose it: they knew only of those before.
fn worse(incident: &Incident, called_for: Option<Severity>) -> Option<Fact> {
    let to = called_for?;
    let is_news = incident.signalled.is_none_or(|known| to < known);
    let raises = is_news && incident.severity.is_none_or(|present| to < present);
    raises.then(|| Fact::SeverityChanged {
        from: incident.severity,
        to,
        reason: "a linked alert is worse than those before".to_owned(),
    })
}

/// Tells whether a change can concern the incidents of its alert.
fn turns(change: Change) -> bool {
    !matches!(change, Change::Repeated | Change::Stale)
}

async fn receipts(tx: &mut Tx, batch: &Prepared, touched: &Touched) -> Result<(), Error> {
    let receipts = batch.effects.iter().map(|effect| {
        let raised = effect.change.raises();
        Receipt {
            alert: effect.alert,
            event: effect.event,
            source: effect.source,
            source_name: effect.source_name.clone(),
            at: batch.happening.now,
            change: effect.change,
            incident: touched.of_alert.get(&effect.alert).copied(),
            plan_version: batch.happening.plan_version.clone(),
            trace: touched.traces.get(&effect.alert).filter(|_| raised).and_then(|trace| serde_json::to_string(trace).ok()),
        }
    });
    alert::add_receipts(tx, &receipts.collect::<Vec<_>>()).await
}

fn entries(tx: &mut Tx, batch: &Prepared, touched: &Touched) {
    for effect in batch.effects.iter().filter(|effect| turns(effect.change)) {
        let Some(alert) = batch.alerts.get(&effect.alert) else { continue };
        let mut draft = batch.happening.draft(kind(effect.change));
        draft.actor = Actor::Source { id: effect.source_name.clone() };
        draft.alert = Some(alert.id);
        draft.event = Some(effect.event);
        draft.incident = touched.of_alert.get(&alert.id).copied();
        draft.occurred_at = match effect.change {
            Change::Fired | Change::FiredAgain => alert.current.occurred_at.min(batch.happening.now),
            Change::Resolved => alert.current.ended_at.unwrap_or(batch.happening.now).min(batch.happening.now),
            _ => batch.happening.now,
        };
        tx.record(draft.secretly("title", &alert.title).secretly("text", &effect.words));
    }
}

fn kind(change: Change) -> &'static str {
    match change {
        Change::Fired => "alert.fired",
        Change::FiredAgain => "alert.fired_again",
        Change::Worsened => "alert.worsened",
        Change::Acknowledged => "alert.acknowledged",
        Change::Resolved => "alert.resolved",
        Change::BecameUnknown => "alert.became_unknown",
        Change::Noted => "alert.noted",
        Change::Repeated => "alert.repeated",
        Change::Stale => "alert.stale",
    }
}

/// Saves the batch's incidents; those whose alerts turned follow their signal.
async fn save(tx: &mut Tx, mut touched: Touched, batch: &Prepared) -> Result<(), Error> {
    insert_and_link(tx, &touched, &batch.with).await?;
    let mut signals = BTreeMap::new();
    for effect in &batch.effects {
        let (Some(id), Some(alert)) = (touched.of_alert.get(&effect.alert), batch.alerts.get(&effect.alert)) else { continue };
        let present = alert.current.status != Status::Resolved;
        signals.entry(*id).and_modify(|signal| *signal |= present).or_insert(present);
    }
    // Only where the batch brings no open alert are the others of the incident looked at.
    let unclear: Vec<_> =
        signals.iter().filter(|(id, present)| !**present && !touched.fresh.contains(id)).map(|(id, _)| *id).collect();
    let present = incident::with_open_alerts(tx, &unclear).await?;
    for (id, seen) in signals {
        let to = if seen || present.contains(&id) { SignalState::Present } else { SignalState::Gone };
        let turned = touched.incidents.get_mut(&id).filter(|incident| incident.signal != to && !touched.fresh.contains(&id));
        if let Some(incident) = turned {
            record(tx, incident, &[Fact::SignalChanged { to }], &batch.happening);
            touched.changed.insert(id);
        }
    }
    save_changed(tx, &touched, &batch.with).await
}

async fn insert_and_link(tx: &mut Tx, touched: &Touched, with: &With) -> Result<(), Error> {
    let happening = &with.happening;
    let fresh: Vec<_> = touched.fresh.iter().filter_map(|id| touched.incidents.get(id)).collect();
    for incident in &fresh {
        tracing::info!(incident.id = %incident.short_id, rule = %incident.rule, "an incident was raised");
    }
    incident::insert_all(tx, &fresh).await?;
    let answers = fresh.iter().map(|incident| {
        let source = touched.sources.get(&incident.id).map_or("", String::as_str);
        answers(&with.roster.plans, incident, source)
    });
    responsibility::put(tx, &answers.collect::<Vec<_>>()).await?;
    for grant in &touched.grants {
        give(tx, grant, happening).await?;
    }
    for grant in touched.by_playbook.values() {
        give_once(tx, grant, happening).await?;
    }
    incident::link_alerts(tx, &touched.links, happening.now).await?;
    let windows = touched.windows.iter().map(|(key, (incident, until))| (key.clone(), *incident, *until));
    grouping::put(tx, &windows.collect::<Vec<_>>()).await
}

/// Saves what changed, and tells whom the plans want to be told: after all links are written.
async fn save_changed(tx: &mut Tx, touched: &Touched, with: &With) -> Result<(), Error> {
    let changed = touched.changed.iter().filter(|id| !touched.fresh.contains(id));
    let changed: Vec<_> = changed.filter_map(|id| touched.incidents.get(id)).collect();
    incident::save_all(tx, &changed).await?;
    for incident in touched.fresh.iter().filter_map(|id| touched.incidents.get(id)) {
        paging::follow(tx, None, incident, with).await?;
    }
    for (id, before) in &touched.before {
        if let Some(incident) = touched.incidents.get(id) {
            paging::follow(tx, Some(before), incident, with).await?;
        }
    }
    Ok(())
}
