//! Folding observations into alerts: which alert each speaks of, and what it changes.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use watchfire_core::Severity;
use watchfire_core::alert::{Change, Current, DedupKey, Flapping, NO_TITLE, Observation, Signal, Status, apply};
use watchfire_core::chance::{self, Chance};
use watchfire_core::event::Status as EventStatus;
use watchfire_core::id::{AlertId, EventId, SourceId};
use watchfire_core::source::Parsed;
use watchfire_store::alert::Alert;
use watchfire_store::event::{Event, Settled};

/// The alerts that a batch touches, as they were loaded and as the batch changes them.
pub(super) struct Fold<'a> {
    pub(super) now: Timestamp,
    pub(super) flapping: Flapping,
    chance: &'a dyn Chance,
    pub(super) alerts: HashMap<AlertId, Alert>,
    by_key: HashMap<(SourceId, DedupKey), AlertId>,
    by_group: HashMap<String, Vec<AlertId>>,
    pub(super) dirty: HashSet<AlertId>,
    /// What each event did to each alert, in order.
    pub(super) effects: Vec<Effect>,
    pub(super) settled: Vec<Settled>,
}

/// What one event did to one alert.
#[derive(Clone, Debug)]
pub(super) struct Effect {
    pub(super) event: EventId,
    pub(super) source: SourceId,
    pub(super) source_name: String,
    pub(super) alert: AlertId,
    pub(super) change: Change,
    /// Words that came with it and are kept in the record: a note, a new description.
    pub(super) words: String,
}

impl<'a> Fold<'a> {
    /// Starts with the alerts that the batch may touch.
    pub(super) fn new(known: Vec<Alert>, now: Timestamp, flapping: Flapping, chance: &'a dyn Chance) -> Self {
        let mut fold = Self {
            now,
            flapping,
            chance,
            alerts: HashMap::with_capacity(known.len()),
            by_key: HashMap::new(),
            by_group: HashMap::new(),
            dirty: HashSet::new(),
            effects: Vec::new(),
            settled: Vec::new(),
        };
        for alert in known {
            fold.index(&alert);
            fold.alerts.insert(alert.id, alert);
        }
        fold
    }

    /// Folds one event in; `open` are the alerts that its snapshot covers and that were open before.
    pub(super) fn event(&mut self, event: &Event, parsed: &Parsed, open: &[AlertId]) {
        let mut touched = HashSet::new();
        let scope = parsed.snapshot.as_ref().map(|snapshot| snapshot.scope.as_str());
        for observation in &parsed.observations {
            for alert in self.targets(event, observation) {
                touched.insert(alert);
                self.observe(event, alert, observation, scope);
            }
        }
        for gone in open.iter().filter(|alert| !touched.contains(alert)) {
            self.gone(event, *gone);
        }
        self.settled.push(Settled {
            seq: event.seq,
            id: event.id,
            status: EventStatus::Processed,
            reason: None,
            remark: parsed.remark.clone(),
            alerts: i64::try_from(touched.len()).unwrap_or(i64::MAX),
        });
    }

    /// Sets an event aside with the reason.
    pub(super) fn quarantine(&mut self, event: &Event, reason: String) {
        let status = EventStatus::Quarantined;
        self.settled.push(Settled { seq: event.seq, id: event.id, status, reason: Some(reason), remark: None, alerts: 0 });
    }

    /// Returns the alerts that an observation speaks of, made if need be.
    ///
    /// One group of one sender may arrive in three forms. What speaks for the whole group speaks of its parts where
    /// these are known; a part that arrives after the group's own alert takes that alert over.
    fn targets(&mut self, event: &Event, observation: &Observation) -> Vec<AlertId> {
        if let Some(known) = self.by_key.get(&(event.source, observation.dedup_key.clone())) {
            return vec![*known];
        }
        let Some(group) = &observation.group else {
            return vec![self.create(event, observation)];
        };
        let members = self.by_group.get(group).cloned().unwrap_or_default();
        let (whole, parts): (Vec<_>, Vec<_>) =
            members.into_iter().partition(|id| self.alerts.get(id).is_some_and(|alert| alert.speaks_for_group));
        if observation.speaks_for_group {
            if !parts.is_empty() {
                return self.parts_for(observation.signal, parts);
            }
            return vec![whole.first().copied().unwrap_or_else(|| self.create(event, observation))];
        }
        match whole.first() {
            Some(whole) if parts.is_empty() => {
                self.adopt(*whole, event, observation);
                vec![*whole]
            }
            _ => vec![self.create(event, observation)],
        }
    }

    /// Chooses the parts that a word for the whole group reaches: all of them, but a new firing of a group whose parts
    /// are all resolved reaches the one that was resolved last, until the sender's own form tells which it is.
    fn parts_for(&self, signal: Signal, parts: Vec<AlertId>) -> Vec<AlertId> {
        let status = |id: &AlertId| self.alerts.get(id).map(|alert| alert.current.status);
        if !signal.is_trouble() {
            return parts;
        }
        let open: Vec<_> = parts.iter().copied().filter(|id| status(id) != Some(Status::Resolved)).collect();
        if !open.is_empty() {
            return open;
        }
        let latest = parts.into_iter().max_by_key(|id| self.alerts.get(id).map(|alert| alert.current.changed_at));
        latest.into_iter().collect()
    }

    /// Makes the alert of a group over into the alert of its part.
    fn adopt(&mut self, id: AlertId, event: &Event, observation: &Observation) {
        if let Some(alert) = self.alerts.get_mut(&id) {
            self.by_key.remove(&(alert.source_id, alert.dedup_key.clone()));
            alert.source_id = event.source;
            alert.source_name.clone_from(&event.source_name);
            alert.source_kind.clone_from(&event.source_kind);
            alert.dedup_key = observation.dedup_key.clone();
            alert.speaks_for_group = false;
            describe(alert, observation);
            self.by_key.insert((event.source, observation.dedup_key.clone()), id);
            self.dirty.insert(id);
        }
    }

    fn create(&mut self, event: &Event, observation: &Observation) -> AlertId {
        let id = chance::id(self.chance, self.now);
        let mut alert = Alert {
            id,
            source_id: event.source,
            source_name: event.source_name.clone(),
            source_kind: event.source_kind.clone(),
            dedup_key: observation.dedup_key.clone(),
            group: observation.group.clone(),
            speaks_for_group: observation.speaks_for_group,
            current: Current {
                status: Status::Unknown,
                episode: 0,
                count: 0,
                occurred_at: self.now,
                ended_at: None,
                changed_at: self.now,
                turns: Vec::new(),
                flapping: false,
                settled_at: None,
                acknowledged_here: false,
            },
            title: String::new(),
            description: String::new(),
            severity: None,
            source_severity: None,
            class: None,
            resource: None,
            link: None,
            labels: BTreeMap::new(),
            sample: observation.sample,
            first_event: event.id,
            event: event.id,
            first_seen_at: self.now,
            last_seen_at: self.now,
            snapshot_scope: None,
            team: String::new(),
            rule: String::new(),
            suppressed_by: None,
            acknowledged_by: None,
            version: 0,
        };
        describe(&mut alert, observation);
        if alert.title == NO_TITLE && observation.signal == Signal::Resolved {
            alert.title = format!("Resolved: {}", observation.dedup_key.value());
        }
        self.index(&alert);
        self.alerts.insert(id, alert);
        id
    }

    fn observe(&mut self, event: &Event, id: AlertId, observation: &Observation, scope: Option<&str>) {
        let Some(alert) = self.alerts.get_mut(&id) else { return };
        let known = (alert.current.episode > 0).then_some(&alert.current);
        let (current, mut change) = apply(known, observation, self.now, self.flapping);
        let before = alert.severity;
        let own = alert.source_id == event.source && alert.dedup_key == observation.dedup_key;
        // A fire that its own end overtook changes nothing but tells what it was.
        let tells = change != Change::Stale || known.is_some_and(Current::is_end_alone);
        if own && tells && observation.signal.is_trouble() {
            describe(alert, observation);
        }
        if change == Change::Repeated && observation.signal.is_trouble() && worsens(before, alert.severity) {
            change = Change::Worsened;
        }
        if own && change == Change::Noted {
            reword(alert, observation);
        }
        alert.current = current;
        alert.event = event.id;
        alert.last_seen_at = self.now;
        if !alert.current.acknowledged_here {
            alert.acknowledged_by = None;
        }
        if matches!(change, Change::Fired | Change::FiredAgain) {
            alert.suppressed_by = None;
        }
        if let Some(scope) = scope {
            alert.snapshot_scope = Some(scope.to_owned());
        }
        self.dirty.insert(id);
        let words = if change == Change::Noted { observation.description.clone() } else { String::new() };
        self.effects.push(Effect {
            event: event.id,
            source: event.source,
            source_name: event.source_name.clone(),
            alert: id,
            change,
            words,
        });
    }

    /// Resolves an alert that a later report of the same scope no longer holds.
    fn gone(&mut self, event: &Event, id: AlertId) {
        let Some(alert) = self.alerts.get_mut(&id) else { return };
        if alert.current.status == Status::Resolved {
            return;
        }
        alert.current.status = Status::Resolved;
        alert.current.ended_at = Some(self.now);
        alert.current.changed_at = self.now;
        alert.last_seen_at = self.now;
        self.dirty.insert(id);
        self.effects.push(Effect {
            event: event.id,
            source: event.source,
            source_name: event.source_name.clone(),
            alert: id,
            change: Change::Resolved,
            words: "the report no longer holds it".to_owned(),
        });
    }

    fn index(&mut self, alert: &Alert) {
        self.by_key.insert((alert.source_id, alert.dedup_key.clone()), alert.id);
        if let Some(group) = &alert.group {
            let members = self.by_group.entry(group.clone()).or_default();
            if !members.contains(&alert.id) {
                members.push(alert.id);
            }
        }
    }
}

/// Tells whether a severity is worse than the one before; an unknown one counts as [`Severity::UNKNOWN_AS`].
fn worsens(before: Option<Severity>, after: Option<Severity>) -> bool {
    after.is_some_and(|after| after < before.unwrap_or(Severity::UNKNOWN_AS))
}

/// Takes over what an observation says of its alert; what it leaves out stays as known.
fn describe(alert: &mut Alert, observation: &Observation) {
    if observation.title != NO_TITLE || alert.title.is_empty() {
        alert.title.clone_from(&observation.title);
    }
    if !observation.description.is_empty() {
        alert.description.clone_from(&observation.description);
    }
    alert.severity = observation.severity.or(alert.severity);
    for (mine, theirs) in [
        (&mut alert.source_severity, &observation.source_severity),
        (&mut alert.resource, &observation.resource),
        (&mut alert.link, &observation.link),
        (&mut alert.group, &observation.group),
    ] {
        if theirs.is_some() {
            mine.clone_from(theirs);
        }
    }
    alert.class = observation.class.or(alert.class);
    if !observation.labels.is_empty() {
        alert.labels.clone_from(&observation.labels);
    }
}

/// Takes over what was edited in the other system: the message, the description or the priority.
fn reword(alert: &mut Alert, observation: &Observation) {
    match observation.labels.get("edited").map(String::as_str) {
        Some("message") => alert.title.clone_from(&observation.title),
        Some("description") => alert.description.clone_from(&observation.description),
        Some("priority") => {
            alert.severity = observation.severity;
            alert.source_severity.clone_from(&observation.source_severity);
        }
        _ => {}
    }
}
