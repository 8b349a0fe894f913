//! Reads for the flow itself, which is bound by no scope.

use std::collections::{HashMap, HashSet};

use watchfire_core::id::{AlertId, IncidentId};
use watchfire_core::incident::Incident;

use super::{link, row};
use crate::args::{args, rows};
use crate::statements::statements;
use crate::{Conn, Error};

statements! {
    BY_IDS = "SELECT i.* FROM EACH($1) JOIN incident i ON i.id = r.value ->> 'id'";
    TAKEN = "SELECT 1 AS taken FROM incident WHERE short_id = $1";
    // Ends at the first alert that is not resolved: an incident may have 100,000. Without `OFFSET 0` PostgreSQL joins all links with
    // all alerts first.
    WITH_OPEN_ALERTS = "SELECT r.value ->> 'id' AS id FROM EACH($1)
        WHERE EXISTS (SELECT 1 FROM incident_alert l JOIN alert a ON a.id = l.alert_id
          WHERE l.incident_id = r.value ->> 'id' AND a.status <> 'resolved' LIMIT 1 OFFSET 0)";
    ALERT_COUNTS = "SELECT i.id, i.alerts FROM EACH($1) JOIN incident i ON i.id = r.value ->> 'id'";
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

/// Returns those of the incidents that have an alert which is not resolved.
///
/// # Errors
/// What the database answers.
pub async fn with_open_alerts(conn: &mut Conn, incidents: &[IncidentId]) -> Result<HashSet<IncidentId>, Error> {
    if incidents.is_empty() {
        return Ok(HashSet::new());
    }
    let found = conn.fetch(&WITH_OPEN_ALERTS, vec![asked(incidents)]).await?;
    found.iter().map(|row| row.id("id")).collect()
}

/// Returns how many alerts each of the incidents has; incidents that are not there are left out.
///
/// # Errors
/// What the database answers.
pub async fn alert_counts(conn: &mut Conn, incidents: &[IncidentId]) -> Result<HashMap<IncidentId, i64>, Error> {
    if incidents.is_empty() {
        return Ok(HashMap::new());
    }
    let found = conn.fetch(&ALERT_COUNTS, vec![asked(incidents)]).await?;
    found.iter().map(|row| Ok((row.id("id")?, row.int("alerts")?))).collect()
}

fn asked(ids: &[IncidentId]) -> crate::args::Value {
    rows(ids.iter().map(|id| serde_json::json!({ "id": id })).collect())
}
