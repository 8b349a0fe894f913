//! Which incident new alerts under a grouping key go to, and until when.

use serde_json::json;
use watchfire_core::id::IncidentId;
use watchfire_core::time::{Timestamp, micros};

use crate::args::{args, rows, storable};
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    FIND = "SELECT g.key, g.incident_id, g.until FROM EACH($1) JOIN grouping g ON g.key = r.value ->> 'key'";
    PUT = "INSERT INTO grouping (key, incident_id, until)
        SELECT r.value ->> 'key', r.value ->> 'incident', CAST(r.value ->> 'until' AS BIGINT) FROM EACH($1) WHERE TRUE
        ON CONFLICT (key) DO UPDATE SET incident_id = excluded.incident_id, until = excluded.until";
    EXPIRE = "DELETE FROM grouping WHERE until < $1";
}

/// Returns what is known of these keys; what is not is left out.
///
/// # Errors
/// What the database answers.
pub async fn find(conn: &mut Conn, keys: &[String]) -> Result<Vec<(String, IncidentId, Timestamp)>, Error> {
    let asked = rows(keys.iter().map(|key| json!({ "key": storable(key) })).collect());
    let found = conn.fetch(&FIND, vec![asked]).await?;
    found.iter().map(|row| Ok((row.text("key")?, row.id("incident_id")?, row.time("until")?))).collect()
}

/// Sets where the alerts of keys go, in the place of what was set before; each key at most once in the list. Keys are at
/// most 1,024 bytes.
///
/// # Errors
/// What the database answers.
pub async fn put(tx: &mut Tx, windows: &[(String, IncidentId, Timestamp)]) -> Result<(), Error> {
    if windows.is_empty() {
        return Ok(());
    }
    let set = windows
        .iter()
        .map(|(key, incident, until)| json!({ "key": storable(key), "incident": incident, "until": micros(*until) }));
    tx.execute(&PUT, vec![rows(set.collect())]).await.map(drop)
}

/// Forgets what ended before an instant. Returns how many.
///
/// # Errors
/// What the database answers.
pub async fn expire(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.execute(&EXPIRE, args![before]).await
}
