//! Alerts whose incident ended while they fire.

use watchfire_core::id::IncidentId;
use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::statements::statements;
use crate::{Error, Tx};

statements! {
    // Those of another open incident are that one's still.
    SETTLE = "UPDATE alert SET settled_at = $2, version = version + 1
        WHERE id IN (SELECT l.alert_id FROM incident_alert l WHERE l.incident_id = $1) AND status <> 'resolved'
          AND NOT EXISTS (SELECT 1 FROM incident_alert o JOIN incident i ON i.id = o.incident_id
            WHERE o.alert_id = alert.id AND o.incident_id <> $1 AND i.phase NOT IN ('resolved', 'closed', 'dismissed', 'merged'))";
    UNSETTLE = "UPDATE alert SET settled_at = NULL, version = version + 1
        WHERE id IN (SELECT l.alert_id FROM incident_alert l WHERE l.incident_id = $1) AND settled_at IS NOT NULL";
}

/// Notes on the alerts of an incident that still fire, and belong to no other open one, that it ended.
///
/// # Errors
/// What the database answers.
pub async fn settle(tx: &mut Tx, incident: IncidentId, at: Timestamp) -> Result<(), Error> {
    tx.execute(&SETTLE, args![incident, at]).await.map(drop)
}

/// Takes the note back: the incident is open again.
///
/// # Errors
/// What the database answers.
pub async fn unsettle(tx: &mut Tx, incident: IncidentId) -> Result<(), Error> {
    tx.execute(&UNSETTLE, args![incident]).await.map(drop)
}
