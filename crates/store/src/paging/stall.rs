//! When something last changed in an incident.

use std::collections::HashMap;

use watchfire_core::id::IncidentId;
use watchfire_core::time::Timestamp;

use crate::args::{args, rows};
use crate::statements::statements;
use crate::{Conn, Error};

statements! {
    // That somebody was told, or that nothing happened, is no progress.
    LAST = "SELECT MAX(recorded_at) AS at FROM entry
        WHERE incident_id = $1 AND kind <> 'incident.stalled' AND kind NOT LIKE 'page.%'";
    LAST_OF_ALL = "SELECT e.incident_id, MAX(e.recorded_at) AS at FROM EACH($1) JOIN entry e ON e.incident_id = r.value ->> 'id'
        WHERE e.kind <> 'incident.stalled' AND e.kind NOT LIKE 'page.%' GROUP BY e.incident_id ORDER BY e.incident_id LIMIT 1000";
}

/// Returns when the newest entry was recorded that tells of progress.
///
/// # Errors
/// What the database answers.
pub async fn last_change(conn: &mut Conn, incident: IncidentId) -> Result<Option<Timestamp>, Error> {
    conn.first(&LAST, args![incident]).await?.map_or(Ok(None), |row| row.opt_time("at"))
}

/// Returns for each of several incidents, at most 1,000, when the newest entry was recorded that tells of progress; those
/// without one are left out.
///
/// # Errors
/// What the database answers.
pub async fn last_changes(conn: &mut Conn, incidents: &[IncidentId]) -> Result<HashMap<IncidentId, Timestamp>, Error> {
    if incidents.is_empty() {
        return Ok(HashMap::new());
    }
    let asked = rows(incidents.iter().map(|id| serde_json::json!({ "id": id })).collect());
    let found = conn.fetch(&LAST_OF_ALL, vec![asked]).await?;
    found.iter().map(|row| Ok((row.id("incident_id")?, row.time("at")?))).collect()
}
