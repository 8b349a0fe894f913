//! Where the people of an incident meet: its call, its room, a document elsewhere. Addresses are sealed, because some let
//! in whoever knows them.

use watchfire_core::id::IncidentId;
use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::keys::Place;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    SET = "INSERT INTO incident_link (incident_id, link, sealed, set_by, set_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (incident_id, link) DO UPDATE SET sealed = excluded.sealed, set_by = excluded.set_by,
          set_at = excluded.set_at";
    CLEAR = "DELETE FROM incident_link WHERE incident_id = $1 AND link = $2";
    LIST = "SELECT * FROM incident_link WHERE incident_id = $1 ORDER BY link LIMIT 20";
}

/// One address under its word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// `call`, `room` or `document`.
    pub link: String,
    pub address: String,
    pub set_by: String,
    pub set_at: Timestamp,
}

/// Sets an address; the one before is replaced.
///
/// # Errors
/// What the database answers.
pub async fn set(tx: &mut Tx, incident: IncidentId, link: &Link) -> Result<(), Error> {
    let row = row(incident, &link.link);
    let sealed = tx.seal(&place(&row, incident), link.address.as_bytes()).await?;
    tx.execute(&SET, args![incident, &link.link, sealed, &link.set_by, link.set_at]).await.map(drop)
}

/// Takes an address away. Returns `false` if there was none.
///
/// # Errors
/// What the database answers.
pub async fn clear(tx: &mut Tx, incident: IncidentId, link: &str) -> Result<bool, Error> {
    Ok(tx.execute(&CLEAR, args![incident, link]).await? > 0)
}

/// Returns an incident's addresses; those whose key was erased are left out. Ask [`crate::incident::get`] first whether
/// the incident may be seen.
///
/// # Errors
/// What the database answers.
pub async fn list(conn: &mut Conn, incident: IncidentId) -> Result<Vec<Link>, Error> {
    let mut links = Vec::new();
    for found in conn.fetch(&LIST, args![incident]).await? {
        let link = found.text("link")?;
        let row = row(incident, &link);
        if let Some(address) = conn.open_text(&place(&row, incident), &found.blob("sealed")?).await? {
            links.push(Link { link, address, set_by: found.text("set_by")?, set_at: found.time("set_at")? });
        }
    }
    Ok(links)
}

fn row(incident: IncidentId, link: &str) -> String {
    format!("{incident}/{link}")
}

fn place(row: &str, incident: IncidentId) -> Place<'_> {
    Place { table: "incident_link", row, field: "sealed", incident: Some(incident) }
}
