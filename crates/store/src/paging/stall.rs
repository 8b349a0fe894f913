//! When something last changed in an incident.

use watchfire_core::id::IncidentId;
use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::statements::statements;
use crate::{Conn, Error};

statements! {
    // That somebody was told, or that nothing happened, is no progress.
    LAST = "SELECT MAX(recorded_at) AS at FROM entry
        WHERE incident_id = $1 AND kind <> 'incident.stalled' AND kind NOT LIKE 'page.%'";
}

/// Returns when the newest entry was recorded that tells of progress.
///
/// # Errors
/// What the database answers.
pub async fn last_change(conn: &mut Conn, incident: IncidentId) -> Result<Option<Timestamp>, Error> {
    conn.first(&LAST, args![incident]).await?.map_or(Ok(None), |row| row.opt_time("at"))
}
