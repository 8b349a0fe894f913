//! Which alerts belong to an incident.

use watchfire_core::id::{AlertId, IncidentId};
use watchfire_core::time::{Timestamp, micros};

use crate::args::{args, rows};
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    LINK = "INSERT INTO incident_alert (incident_id, alert_id, linked_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    LINK_MANY = "INSERT INTO incident_alert (incident_id, alert_id, linked_at)
        SELECT r.value ->> 'incident', r.value ->> 'alert', CAST(r.value ->> 'at' AS BIGINT) FROM EACH($1) WHERE TRUE
        ON CONFLICT DO NOTHING";
    UNLINK = "DELETE FROM incident_alert WHERE incident_id = $1 AND alert_id = $2";
    OF_ALERTS = "SELECT l.alert_id, l.incident_id FROM EACH($1) JOIN incident_alert l ON l.alert_id = r.value ->> 'alert'
        ORDER BY l.alert_id, l.incident_id";
}

/// Puts an alert to an incident. Returns `false` if it belongs to it already.
///
/// # Errors
/// What the database answers.
pub async fn link_alert(tx: &mut Tx, incident: IncidentId, alert: AlertId, at: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(&LINK, args![incident, alert, at]).await? > 0)
}

/// Puts many alerts to incidents by one statement; those that belong there already stay.
///
/// # Errors
/// What the database answers.
pub async fn link_alerts(tx: &mut Tx, links: &[(IncidentId, AlertId)], at: Timestamp) -> Result<(), Error> {
    if links.is_empty() {
        return Ok(());
    }
    let at = micros(at);
    let asked = links.iter().map(|(incident, alert)| serde_json::json!({ "incident": incident, "alert": alert, "at": at }));
    tx.execute(&LINK_MANY, vec![rows(asked.collect())]).await.map(drop)
}

/// Takes an alert from an incident. Returns `false` if it does not belong to it.
///
/// # Errors
/// What the database answers.
pub async fn unlink_alert(tx: &mut Tx, incident: IncidentId, alert: AlertId) -> Result<bool, Error> {
    Ok(tx.execute(&UNLINK, args![incident, alert]).await? > 0)
}

/// Returns the incidents of many alerts, unscoped, for triage.
///
/// # Errors
/// What the database answers.
pub async fn links(conn: &mut Conn, alerts: &[AlertId]) -> Result<Vec<(AlertId, IncidentId)>, Error> {
    let asked = rows(alerts.iter().map(|alert| serde_json::json!({ "alert": alert })).collect());
    let found = conn.fetch(&OF_ALERTS, vec![asked]).await?;
    found.iter().map(|row| Ok((row.id("alert_id")?, row.id("incident_id")?))).collect()
}
