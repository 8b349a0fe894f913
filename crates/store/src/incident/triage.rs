//! Reads for the flow itself, which is bound by no scope.

use watchfire_core::id::{AlertId, IncidentId};
use watchfire_core::incident::Incident;

use super::{link, row};
use crate::args::{args, rows};
use crate::statements::statements;
use crate::{Conn, Error};

statements! {
    BY_IDS = "SELECT i.* FROM EACH($1) JOIN incident i ON i.id = r.value ->> 'id'";
    TAKEN = "SELECT 1 AS taken FROM incident WHERE short_id = $1";
    SIGNALS = "SELECT l.incident_id, COUNT(*) AS alerts,
          SUM(CASE WHEN a.status <> 'resolved' THEN 1 ELSE 0 END) AS unresolved
        FROM EACH($1) JOIN incident_alert l ON l.incident_id = r.value ->> 'id' JOIN alert a ON a.id = l.alert_id
        GROUP BY l.incident_id";
}

/// What an incident's alerts say together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signals {
    pub incident: IncidentId,
    /// Linked alerts.
    pub alerts: i64,
    /// Those of them that are not resolved.
    pub unresolved: i64,
}

/// Returns an incident.
///
/// # Errors
/// What the database answers.
pub async fn by_id(conn: &mut Conn, id: IncidentId) -> Result<Option<Incident>, Error> {
    Ok(by_ids(conn, &[id]).await?.pop())
}

/// Returns incidents by id, in no order; those that are not there are left out.
///
/// # Errors
/// What the database answers.
pub async fn by_ids(conn: &mut Conn, ids: &[IncidentId]) -> Result<Vec<Incident>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = conn.fetch(&BY_IDS, vec![asked(ids)]).await?;
    row::read(conn, &found).await
}

/// Returns the open incidents of alerts.
///
/// # Errors
/// What the database answers.
pub async fn open_of_alerts(conn: &mut Conn, alerts: &[AlertId]) -> Result<Vec<(AlertId, Incident)>, Error> {
    if alerts.is_empty() {
        return Ok(Vec::new());
    }
    let links = link::links(conn, alerts).await?;
    let mut ids: Vec<_> = links.iter().map(|(_, incident)| *incident).collect();
    ids.sort_unstable();
    ids.dedup();
    let incidents = by_ids(conn, &ids).await?;
    let open = |id| incidents.iter().find(|incident| incident.id == id && incident.phase.is_open());
    Ok(links.into_iter().filter_map(|(alert, id)| Some((alert, open(id)?.clone()))).collect())
}

/// Tells whether a short id is taken.
///
/// # Errors
/// What the database answers.
pub async fn short_id_taken(conn: &mut Conn, short_id: &str) -> Result<bool, Error> {
    Ok(conn.first(&TAKEN, args![short_id]).await?.is_some())
}

/// Returns what the alerts of incidents say; incidents without alerts are left out.
///
/// # Errors
/// What the database answers.
pub async fn signals(conn: &mut Conn, incidents: &[IncidentId]) -> Result<Vec<Signals>, Error> {
    if incidents.is_empty() {
        return Ok(Vec::new());
    }
    let found = conn.fetch(&SIGNALS, vec![asked(incidents)]).await?;
    found
        .iter()
        .map(|row| {
            Ok(Signals { incident: row.id("incident_id")?, alerts: row.int("alerts")?, unresolved: row.int("unresolved")? })
        })
        .collect()
}

fn asked(ids: &[IncidentId]) -> crate::args::Value {
    rows(ids.iter().map(|id| serde_json::json!({ "id": id })).collect())
}
