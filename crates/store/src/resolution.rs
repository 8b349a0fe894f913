//! What a developer says is resolved, and somebody else has to verify. A row that was decided is deleted; the record keeps it.

use watchfire_core::id::IncidentId;
use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    PUT = "INSERT INTO resolution (incident_id, resolved_by, resolved_at) VALUES ($1, $2, $3)
        ON CONFLICT (incident_id) DO UPDATE SET resolved_by = excluded.resolved_by, resolved_at = excluded.resolved_at";
    GET = "SELECT * FROM resolution WHERE incident_id = $1";
    REMOVE = "DELETE FROM resolution WHERE incident_id = $1";
}

/// A resolution that waits to be verified.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resolution {
    pub incident: IncidentId,
    /// Who says so, by login.
    pub by: String,
    pub at: Timestamp,
}

/// Stores what somebody says; a later word takes the place of an earlier one.
///
/// # Errors
/// What the database answers.
pub async fn put(tx: &mut Tx, resolution: &Resolution) -> Result<(), Error> {
    tx.execute(&PUT, args![resolution.incident, &resolution.by, resolution.at]).await.map(drop)
}

/// Returns what waits to be verified of an incident. Ask first whether the incident may be seen.
///
/// # Errors
/// What the database answers.
pub async fn get(conn: &mut Conn, incident: IncidentId) -> Result<Option<Resolution>, Error> {
    let Some(row) = conn.first(&GET, args![incident]).await? else { return Ok(None) };
    Ok(Some(Resolution { incident, by: row.text("resolved_by")?, at: row.time("resolved_at")? }))
}

/// Takes it away; `false` if nothing waits.
///
/// # Errors
/// What the database answers.
pub async fn remove(tx: &mut Tx, incident: IncidentId) -> Result<bool, Error> {
    Ok(tx.execute(&REMOVE, args![incident]).await? > 0)
}
