//! The daily digest: whoever is accountable is told what is overdue.

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use watchfire_core::access::Identity;
use watchfire_core::channel::{Kind, Message, Named};
use watchfire_core::id::IncidentId;
use watchfire_core::incident::{Incident, Sensitivity, Visibility};
use watchfire_core::{Severity, text};
use watchfire_store::responsibility::{self, Responsibility};
use watchfire_store::{Conn, incident, paging, task, timer, update};

use crate::paging::{With, inform, parse_target};
use crate::{Engine, Error};

/// The timer of the digest; there is one.
pub(crate) const DIGEST: &str = "accountable.digest";
const SUBJECT: &str = "daily";
/// Incidents that are looked at, and lines of one message.
const INCIDENTS: usize = 2_000;
const LINES: usize = 50;
/// How long an incident may wait to be taken up.
const UNTAKEN: SignedDuration = SignedDuration::from_hours(1);

/// What is overdue of one incident, in words.
type Overdue = Vec<String>;

impl Engine {
    /// Sets the timer of the digest as the plans have it; `anew` also where there is one.
    ///
    /// # Errors
    /// The store does not answer.
    pub(crate) async fn plan_digest(&self, anew: bool) -> Result<(), Error> {
        let due = self.plans().responsibility.next_digest(self.now());
        self.store()
            .write(move |tx| {
                Box::pin(async move {
                    match due {
                        Some(due) if anew => timer::put(tx, due, DIGEST, SUBJECT, &Value::Null).await,
                        Some(due) => timer::ensure(tx, due, DIGEST, SUBJECT, &Value::Null).await,
                        None => timer::cancel(tx, DIGEST, SUBJECT).await.map(drop),
                    }
                })
            })
            .await?;
        Ok(())
    }

    /// Tells each accountable person what is overdue of the incidents that they may see, and sets the timer for the next day.
    ///
    /// # Errors
    /// The store does not answer; the timer is due again after its lease.
    pub(crate) async fn send_digest(&self, due: &timer::Timer) -> Result<(), Error> {
        let with = self.with_machine("digest").await?;
        let messages = self.digests(&with).await?;
        let next = with.roster.plans.responsibility.next_digest(with.happening.now);
        let due = due.clone();
        self.store()
            .write(move |tx| {
                let (due, messages) = (due.clone(), messages.clone());
                Box::pin(async move {
                    if !timer::done(tx, &due).await? {
                        return Ok(());
                    }
                    for (person, incident, message) in &messages {
                        inform(tx, person, *incident, message).await?;
                    }
                    match next {
                        Some(next) => timer::put(tx, next, DIGEST, SUBJECT, &Value::Null).await,
                        None => Ok(()),
                    }
                })
            })
            .await?;
        Ok(())
    }

    /// Writes the messages: to whom, under which incident they are kept, and what they say.
    async fn digests(&self, with: &With) -> Result<Vec<(String, Option<IncidentId>, Message)>, Error> {
        let now = with.happening.now;
        let mut reader = self.store().read().await?;
        let answering = responsibility::open(&mut reader, None, INCIDENTS).await?;
        let overdue = self.overdue(&mut reader, &answering, now).await?;
        let mut of: BTreeMap<String, Vec<IncidentId>> = BTreeMap::new();
        for (id, (incident, _)) in &overdue {
            let accountable = answering.iter().find(|of| of.incident == *id).and_then(|of| of.accountable.as_deref());
            let Some(target) = accountable.and_then(parse_target) else { continue };
            for person in with.roster.active(&target, incident) {
                of.entry(person).or_default().push(*id);
            }
        }
        let mut messages = Vec::new();
        for (person, ids) in of {
            let Some(role) = with.roster.role_of(&person) else { continue };
            // Being accountable opens nothing: what somebody may not see is not there, and not counted either.
            let mut seen = incident::visible(&mut reader, &Identity::person(&person, role).scope(), &ids).await?;
            seen.sort_by_key(|incident| (incident.severity.unwrap_or(Severity::UNKNOWN_AS), incident.id));
            if !seen.is_empty() {
                let (incident, message) = self.digest(&person, &seen, &overdue, now);
                messages.push((person, incident, message));
            }
        }
        Ok(messages)
    }

    /// Finds what is overdue of open incidents: nobody took it up, tasks or the status update are past their time, or nothing
    /// has changed for too long. Incidents of which nothing is overdue are left out.
    async fn overdue(
        &self,
        reader: &mut Conn,
        answering: &[Responsibility],
        now: Timestamp,
    ) -> Result<HashMap<IncidentId, (Incident, Overdue)>, Error> {
        let ids: Vec<IncidentId> = answering.iter().map(|of| of.incident).collect();
        let tasks: HashMap<_, _> = task::overdue_counts(reader, &ids, now).await?.into_iter().collect();
        let updates: HashMap<_, _> =
            update::latest(reader, &ids).await?.into_iter().map(|update| (update.incident, update)).collect();
        let stalled_after = self.plans();
        let mut overdue = HashMap::new();
        for incident in incident::by_ids(reader, &ids).await? {
            let mut words = Overdue::new();
            if incident.acknowledged_at.is_none() && now.duration_since(incident.detected_at) > UNTAKEN {
                words.push("nobody has taken it up".to_owned());
            }
            match tasks.get(&incident.id).copied().unwrap_or(0) {
                0 => {}
                1 => words.push("1 task is overdue".to_owned()),
                number => words.push(format!("{number} tasks are overdue")),
            }
            let changed_at = paging::last_change(reader, incident.id).await?.unwrap_or(incident.updated_at);
            let wait = stalled_after.escalation.stalled_after(incident.severity);
            if now.duration_since(changed_at) > wait {
                words.push(format!("nothing has changed since {}", changed_at.strftime("%F %H:%M UTC")));
            }
            if self.update_due(&incident, updates.get(&incident.id)).is_some_and(|due| due.due_at < now) {
                words.push("its status update is overdue".to_owned());
            }
            if !words.is_empty() {
                overdue.insert(incident.id, (incident, words));
            }
        }
        Ok(overdue)
    }

    /// Writes one message. It names incidents by short id and codename alone, and is kept under one that is restricted, if one
    /// is: an entry that tells of it must tell nobody else.
    fn digest(
        &self,
        person: &str,
        seen: &[Incident],
        overdue: &HashMap<IncidentId, (Incident, Overdue)>,
        now: Timestamp,
    ) -> (Option<IncidentId>, Message) {
        let line = |incident: &Incident| {
            let severity = incident.severity.map_or("severity unknown", Severity::label);
            let words = overdue.get(&incident.id).map(|(_, words)| words.join("; ")).unwrap_or_default();
            format!("{severity} · {} · {} · team {}: {words}", incident.short_id, incident.codename, incident.team)
        };
        let mut lines: Vec<String> = seen.iter().take(LINES).map(line).collect();
        if seen.len() > LINES {
            lines.push(format!("and {} more", seen.len() - LINES));
        }
        let shut =
            |incident: &&Incident| incident.visibility == Visibility::Restricted || incident.sensitivity == Sensitivity::Employee;
        let hidden = seen.iter().find(shut);
        let key = text::hex(&Sha256::digest(format!("digest|{person}|{now}")))[..32].to_owned();
        let number = seen.len();
        let (subject, verb) = if number == 1 { ("1 incident".to_owned(), "is") } else { (format!("{number} incidents"), "are") };
        let message = Message {
            kind: Kind::Notice,
            to: None,
            subject: format!("{subject} that you are accountable for {verb} overdue"),
            text: lines.join("\n"),
            severity: seen.first().and_then(|incident| incident.severity),
            incident: hidden.map(|incident| Named {
                short_id: incident.short_id.clone(),
                codename: incident.codename.clone(),
                restricted: true,
            }),
            link: Some(format!("{}/incidents?accountable=me", self.base_url())),
            acknowledge: None,
            console: self.base_url().to_owned(),
            matter: key.clone(),
            key,
            thread: None,
        };
        (hidden.map(|incident| incident.id), message)
    }
}
