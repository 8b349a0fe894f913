//! Incidents as lists and in full.

use std::collections::{BTreeMap, HashMap};

use watchfire_core::access::{Identity, Right};
use watchfire_core::incident::{Incident, Kind, Phase, Task};
use watchfire_core::metrics::Spans;
use watchfire_store::alert::Alert;
use watchfire_store::entry::Entry;
use watchfire_store::{alert, entry, incident, source, task};

use crate::{Engine, Error, IncidentRef, Page, PageRequest};

/// An incident in a list.
#[derive(Clone, Debug)]
pub struct IncidentRow {
    pub incident: Incident,
    pub alerts: i64,
    pub open_tasks: i64,
}

/// An incident in full.
#[derive(Clone, Debug)]
pub struct IncidentDetail {
    pub incident: Incident,
    /// The newest linked alerts, at most 100.
    pub alerts: Vec<Alert>,
    pub alert_count: i64,
    pub tasks: Vec<Task>,
    pub next_phases: Vec<Phase>,
    pub spans: Spans,
    pub merged_into: Option<IncidentRef>,
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

    /// Returns the worst severity among open real incidents.
    pub fn worst(&self) -> Option<watchfire_core::Severity> {
        self.open_rows().filter(|row| row.number > 0).filter_map(|row| row.severity).min()
    }

    fn open_rows(&self) -> impl Iterator<Item = &incident::Count> {
        self.incidents.iter().filter(|row| row.kind == Kind::Real && row.phase.is_open())
    }
}

/// How many linked alerts the full view carries; the rest is a page of the alert list.
const ALERTS_SHOWN: usize = 100;

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
        Ok(page.map(|incident| IncidentRow {
            alerts: alerts.get(&incident.id).copied().unwrap_or(0),
            open_tasks: tasks.get(&incident.id).copied().unwrap_or(0),
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
        let merged_into = match incident.merged_into {
            Some(target) => {
                incident::get(&mut reader, &who.scope(), &target.to_string()).await?.map(|target| IncidentRef::of(&target))
            }
            None => None,
        };
        Ok(IncidentDetail {
            next_phases: incident.phase.next(incident.class, incident.severity),
            spans: Spans::of(&incident),
            alerts,
            alert_count,
            tasks,
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
        let mut entries = entry::list(&mut reader, &who.scope(), &filter, limit).await?;
        entries.sort_by_key(|entry| entry.seq);
        Ok(entries)
    }

    /// Counts what the caller may see.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn counts(&self, who: &Identity) -> Result<Counts, Error> {
        who.may(Right::Read)?;
        let mut reader = self.store().read().await?;
        let alerts = alert::counts(&mut reader, &who.scope()).await?;
        let incidents = incident::counts(&mut reader, &who.scope()).await?;
        let quarantined = match who.may(Right::Act) {
            Ok(()) => source::list(&mut reader).await?.iter().map(|source| source.quarantined).sum(),
            Err(_) => 0,
        };
        Ok(Counts { alerts, incidents, quarantined })
    }

    /// Looks an incident up by id or short id; what the caller may not see is not there.
    pub(crate) async fn find(&self, who: &Identity, id: &str) -> Result<Incident, Error> {
        who.may(Right::Read)?;
        let mut reader = self.store().read().await?;
        incident::get(&mut reader, &who.scope(), id).await?.ok_or(Error::NotFound("incident"))
    }
}
