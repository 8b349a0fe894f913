//! Incidents as lists and in full.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use watchfire_core::access::{Identity, Right};
use watchfire_core::id::{AlertId, IncidentId};
use watchfire_core::incident::{Incident, Kind, Phase, StatusUpdate, Task};
use watchfire_core::metrics::Spans;
use watchfire_store::alert::Alert;
use watchfire_store::entry::Entry;
use watchfire_store::link::Link;
use watchfire_store::resolution::Resolution;
use watchfire_store::responsibility::Responsibility;
use watchfire_store::{alert, entry, incident, link, resolution, responsibility, source, task, update};

use super::crowd::{Crowded, crowded};
use crate::responsibility::answers;
use crate::updates::UpdateDue;
use crate::{Engine, Error, IncidentRef, Page, PageRequest};

/// An incident in a list.
#[derive(Clone, Debug)]
pub struct IncidentRow {
    pub incident: Incident,
    pub alerts: i64,
    pub open_tasks: i64,
    /// When its next status update is due.
    pub update_due: Option<UpdateDue>,
    /// The newest linked alerts, at most 20.
    pub alert_ids: Vec<AlertId>,
    /// Since when nothing has changed, if that is too long by the plans.
    pub stalled_since: Option<Timestamp>,
    /// Leads to whom too many people report.
    pub crowded: Vec<Crowded>,
}

/// An incident in full.
#[derive(Clone, Debug)]
pub struct IncidentDetail {
    pub incident: Incident,
    /// The newest linked alerts, at most 100.
    pub alerts: Vec<Alert>,
    pub alert_count: i64,
    pub tasks: Vec<Task>,
    /// The newest status update, and when the next is due.
    pub last_update: Option<StatusUpdate>,
    pub update_due: Option<UpdateDue>,
    /// Where people meet.
    pub links: Vec<Link>,
    /// How many people may see it by a role or a grant.
    pub people: i64,
    /// Who answers for it.
    pub responsibility: Responsibility,
    /// What a developer says is resolved, and waits to be verified.
    pub resolution: Option<Resolution>,
    pub next_phases: Vec<Phase>,
    pub spans: Spans,
    pub merged_into: Option<IncidentRef>,
    /// What the caller may do with it: read, act, manage.
    pub rights: Vec<Right>,
    /// Since when nothing has changed, if that is too long by the plans.
    pub stalled_since: Option<Timestamp>,
    /// Leads to whom too many people report.
    pub crowded: Vec<Crowded>,
}

impl IncidentDetail {
    /// Returns the teams that have work on it, by name: its own, and those of its tasks.
    pub fn teams(&self) -> Vec<String> {
        let mut teams: Vec<String> = self.tasks.iter().filter_map(|task| task.team.clone()).collect();
        teams.push(self.incident.team.clone());
        teams.sort_unstable();
        teams.dedup();
        teams
    }
}

/// What there is, as far as the caller may see it.
#[derive(Clone, Debug)]
pub struct Counts {
    /// Alerts by status; every status is there.
    pub alerts: BTreeMap<&'static str, i64>,
    /// Incidents by kind, phase and severity; what there is none of is left out.
    pub incidents: Vec<incident::Count>,
    /// Events that could not be read.
    pub quarantined: i64,
}

impl Counts {
    /// Counts real incidents before resolved.
    pub fn open(&self) -> i64 {
        self.open_rows().map(|row| row.number).sum()
    }

    /// Counts drills and tests before resolved, which are in no other figure.
    pub fn practice_open(&self) -> i64 {
        let practice = self.incidents.iter().filter(|row| row.kind != Kind::Real && row.phase.is_open());
        practice.map(|row| row.number).sum()
    }

    /// Returns the worst severity among open real incidents.
    pub fn worst(&self) -> Option<watchfire_core::Severity> {
        self.open_rows().filter(|row| row.number > 0).filter_map(|row| row.severity).min()
    }

    fn open_rows(&self) -> impl Iterator<Item = &incident::Count> {
        self.incidents.iter().filter(|row| row.kind == Kind::Real && row.phase.is_open())
    }
}

/// How many linked alerts an incident carries; the rest is a page of the alert list.
const ALERTS_SHOWN: usize = 100;
/// And in a list of incidents, each of them.
const ALERTS_LISTED: usize = 20;

/// Which part of a timeline is wanted.
#[derive(Clone, Debug, Default)]
pub struct TimelineRequest {
    /// Entries after this sequence number, oldest first.
    pub after: Option<i64>,
    /// Entries before this sequence number.
    pub before: Option<i64>,
    /// Exact kinds; empty is all.
    pub kinds: Vec<String>,
    pub limit: usize,
}

impl Engine {
    /// Lists incidents that the caller may see, what is open first.
    ///
    /// # Errors
    /// The cursor is not one of ours, or the store does not answer.
    pub async fn incidents(
        &self,
        who: &Identity,
        filter: incident::Filter,
        page: PageRequest,
    ) -> Result<Page<IncidentRow>, Error> {
        who.may(Right::Read)?;
        let after = page.after()?;
        let mut reader = self.store().read().await?;
        let page: Page<Incident> = incident::list(&mut reader, &who.scope(), &filter, after.as_ref(), page.rows()).await?.into();
        let ids: Vec<_> = page.items.iter().map(|incident| incident.id).collect();
        let alerts = incident::alert_counts(&mut reader, &ids).await?;
        let tasks: HashMap<_, _> = task::open_counts(&mut reader, &ids).await?.into_iter().collect();
        let updates: HashMap<_, _> =
            update::latest(&mut reader, &ids).await?.into_iter().map(|update| (update.incident, update)).collect();
        let mut owners: HashMap<IncidentId, BTreeSet<String>> = HashMap::new();
        for (incident, owner) in task::open_owners(&mut reader, &ids).await? {
            owners.entry(incident).or_default().insert(owner);
        }
        let stalled = self.stalled(&mut reader, &page.items).await?;
        let plans = self.plans();
        let mut linked = incident::alert_ids(&mut reader, &ids, ALERTS_LISTED).await?;
        Ok(page.map(|incident| IncidentRow {
            update_due: self.update_due(&incident, updates.get(&incident.id)),
            alert_ids: linked.remove(&incident.id).unwrap_or_default(),
            alerts: alerts.get(&incident.id).copied().unwrap_or(0),
            open_tasks: tasks.get(&incident.id).copied().unwrap_or(0),
            stalled_since: stalled.get(&incident.id).copied(),
            crowded: crowded(&plans.roles, &incident, &owners.remove(&incident.id).unwrap_or_default()),
            incident,
        }))
    }

    /// Shows an incident in full.
    ///
    /// # Errors
    /// Not found for this caller, or the store does not answer.
    pub async fn incident(&self, who: &Identity, id: &str) -> Result<IncidentDetail, Error> {
        let incident = self.find(who, id).await?;
        let mut reader = self.store().read().await?;
        let alerts = alert::of_incident(&mut reader, &who.scope(), incident.id, ALERTS_SHOWN).await?;
        let alert_count = incident::alert_counts(&mut reader, &[incident.id]).await?.get(&incident.id).copied().unwrap_or(0);
        let tasks = task::list(&mut reader, incident.id).await?;
        let last_update = update::latest(&mut reader, &[incident.id]).await?.pop();
        let links = link::list(&mut reader, incident.id).await?;
        let people = incident::reader_count(&mut reader, incident.id).await?;
        let responsibility = responsibility::get(&mut reader, incident.id).await?;
        let responsibility = responsibility.unwrap_or_else(|| answers(&self.plans(), &incident, ""));
        let resolution = resolution::get(&mut reader, incident.id).await?;
        let merged_into = match incident.merged_into {
            Some(target) => {
                incident::get(&mut reader, &who.scope(), &target.to_string()).await?.map(|target| IncidentRef::of(&target))
            }
            None => None,
        };
        let rights = self.rights_on(&mut reader, who, &incident).await?;
        let stalled = self.stalled(&mut reader, std::slice::from_ref(&incident)).await?;
        let open = tasks.iter().filter(|task| task.state.is_open());
        let owners = open.filter_map(|task| task.owner.clone()).collect();
        Ok(IncidentDetail {
            rights,
            stalled_since: stalled.get(&incident.id).copied(),
            crowded: crowded(&self.plans().roles, &incident, &owners),
            next_phases: incident.phase.next(incident.class, incident.severity),
            spans: Spans::of(&incident),
            alerts,
            alert_count,
            tasks,
            update_due: self.update_due(&incident, last_update.as_ref()),
            last_update,
            links,
            people,
            responsibility,
            resolution,
            merged_into,
            incident,
        })
    }

    /// Returns a part of an incident's timeline, oldest first.
    ///
    /// # Errors
    /// Not found for this caller, or the store does not answer.
    pub async fn timeline(&self, who: &Identity, id: &str, request: TimelineRequest) -> Result<Vec<Entry>, Error> {
        let incident = self.find(who, id).await?;
        let filter = entry::Filter {
            incident: Some(incident.id),
            kinds: request.kinds,
            after: request.after,
            before: request.before,
            ..entry::Filter::default()
        };
        let limit = PageRequest { cursor: None, limit: request.limit }.rows();
        let mut reader = self.store().read().await?;
        // Whoever sees an incident sees what is told of it: the same question for everybody.
        let all = Identity::machine("timeline").scope();
        let mut entries = entry::list(&mut reader, &all, &filter, limit).await?;
        entries.sort_by_key(|entry| entry.seq);
        Ok(entries)
    }

    /// Returns those of these incidents that the caller may see.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn incidents_seen(&self, who: &Identity, ids: &[IncidentId]) -> Result<HashMap<IncidentId, Incident>, Error> {
        who.may(Right::Read)?;
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let mut reader = self.store().read().await?;
        let seen = incident::visible(&mut reader, &who.scope(), &ids).await?;
        Ok(seen.into_iter().map(|incident| (incident.id, incident)).collect())
    }

    /// Counts what the caller may see.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn counts(&self, who: &Identity) -> Result<Counts, Error> {
        who.may(Right::Read)?;
        let mut reader = self.store().read().await?;
        let alerts = alert::counts(&mut reader, &who.scope()).await?;
        #[cfg(not(feature = "planted-defects"))]
        let scope = who.scope();
        #[cfg(feature = "planted-defects")]
        let scope =
            if crate::planted::is_planted("count-everything") { Identity::machine("planted").scope() } else { who.scope() };
        let incidents = incident::counts(&mut reader, &scope).await?;
        let quarantined = match who.may(Right::Act) {
            Ok(()) => source::quarantined(&mut reader).await?,
            Err(_) => 0,
        };
        Ok(Counts { alerts, incidents, quarantined })
    }
}
