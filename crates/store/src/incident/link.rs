//! Which alerts belong to an incident.

use std::collections::BTreeMap;

use serde_json::json;
use watchfire_core::id::{AlertId, IncidentId};
use watchfire_core::time::{Timestamp, micros};

use crate::args::{args, rows};
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    LINK = "INSERT INTO incident_alert (incident_id, alert_id, linked_at, team)
        SELECT r.value ->> 'incident', r.value ->> 'alert', CAST(r.value ->> 'at' AS BIGINT),
            COALESCE((SELECT a.team FROM alert a WHERE a.id = r.value ->> 'alert'), '')
        FROM EACH($1) WHERE TRUE
        ON CONFLICT DO NOTHING
        RETURNING incident_id";
    UNLINK = "DELETE FROM incident_alert WHERE incident_id = $1 AND alert_id = $2";
    // Kept with the links, so that a list of incidents does not count 100,000 of them.
    COUNT = "UPDATE incident SET alerts = incident.alerts + CAST(r.value ->> 'change' AS BIGINT)
        FROM EACH($1) WHERE incident.id = r.value ->> 'id'";
    OF_ALERTS = "SELECT l.alert_id, l.incident_id FROM EACH($1) JOIN incident_alert l ON l.alert_id = r.value ->> 'alert'
        ORDER BY l.alert_id, l.incident_id";
    // By its index also where PostgreSQL's statistics are young and the join would read all links.
    OF_ALERT = "SELECT alert_id, incident_id FROM incident_alert WHERE alert_id = $1 ORDER BY incident_id";
    MISSING = "SELECT l.alert_id FROM incident_alert l WHERE l.incident_id = $1
          AND NOT EXISTS (SELECT 1 FROM incident_alert o WHERE o.incident_id = $2 AND o.alert_id = l.alert_id)
        ORDER BY l.alert_id";
}

/// Puts an alert to an incident. Returns `false` if it belongs to it already.
///
/// # Errors
/// What the database answers.
pub async fn link_alert(tx: &mut Tx, incident: IncidentId, alert: AlertId, at: Timestamp) -> Result<bool, Error> {
    Ok(link_alerts(tx, &[(incident, alert)], at).await? > 0)
}

/// Puts many alerts to incidents; both are stored already. Links that are there already stay. Returns how many are new.
///
/// # Errors
/// What the database answers.
pub async fn link_alerts(tx: &mut Tx, links: &[(IncidentId, AlertId)], at: Timestamp) -> Result<usize, Error> {
    if links.is_empty() {
        return Ok(0);
    }
    let at = micros(at);
    let asked = links.iter().map(|(incident, alert)| json!({ "incident": incident, "alert": alert, "at": at }));
    let linked = tx.fetch(&LINK, vec![rows(asked.collect())]).await?;
    let mut changes = BTreeMap::<String, i64>::new();
    for row in &linked {
        *changes.entry(row.text("incident_id")?).or_default() += 1;
    }
    count(tx, changes).await?;
    Ok(linked.len())
}

/// Puts all alerts of an incident to another as well, however many there are. Returns those that are new to it, in order.
///
/// # Errors
/// What the database answers.
pub async fn link_all_of(tx: &mut Tx, from: IncidentId, into: IncidentId, at: Timestamp) -> Result<Vec<AlertId>, Error> {
    let found = tx.fetch(&MISSING, args![from, into]).await?;
    let missing = found.iter().map(|row| row.id("alert_id")).collect::<Result<Vec<AlertId>, _>>()?;
    let links: Vec<_> = missing.iter().map(|alert| (into, *alert)).collect();
    link_alerts(tx, &links, at).await?;
    Ok(missing)
}

/// Takes an alert from an incident. Returns `false` if it does not belong to it.
///
/// # Errors
/// What the database answers.
pub async fn unlink_alert(tx: &mut Tx, incident: IncidentId, alert: AlertId) -> Result<bool, Error> {
    let unlinked = tx.execute(&UNLINK, args![incident, alert]).await? > 0;
    if unlinked {
        count(tx, BTreeMap::from([(incident.to_string(), -1)])).await?;
    }
    Ok(unlinked)
}

async fn count(tx: &mut Tx, changes: BTreeMap<String, i64>) -> Result<(), Error> {
    if changes.is_empty() {
        return Ok(());
    }
    let changes = changes.into_iter().map(|(id, change)| json!({ "id": id, "change": change }));
    tx.execute(&COUNT, vec![rows(changes.collect())]).await.map(drop)
}

/// Returns the incidents of many alerts, unscoped, for triage.
///
/// # Errors
/// What the database answers.
pub async fn links(conn: &mut Conn, alerts: &[AlertId]) -> Result<Vec<(AlertId, IncidentId)>, Error> {
    let found = match alerts {
        [only] => conn.fetch(&OF_ALERT, args![*only]).await?,
        _ => conn.fetch(&OF_ALERTS, vec![rows(alerts.iter().map(|alert| json!({ "alert": alert })).collect())]).await?,
    };
    found.iter().map(|row| Ok((row.id("alert_id")?, row.id("incident_id")?))).collect()
}
