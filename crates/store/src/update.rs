//! Status updates of incidents; what they say is sealed under the incident's own key. Versions are only ever added.

use watchfire_core::id::IncidentId;
use watchfire_core::incident::{StatusUpdate, UpdateText, UsersImpacted};

use crate::args::{args, rows};
use crate::db::Row;
use crate::keys::Place;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    INSERT = "INSERT INTO status_update (id, incident_id, number, version, users, sealed, author, written_at, next_due_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    LIST = "SELECT * FROM status_update WHERE incident_id = $1 ORDER BY number DESC, version DESC LIMIT $2";
    // The newest version of the newest update of each incident: one question for a whole page.
    LATEST = "SELECT u.* FROM EACH($1) JOIN status_update u ON u.incident_id = r.value ->> 'id'
        WHERE NOT EXISTS (SELECT 1 FROM status_update later WHERE later.incident_id = u.incident_id
          AND (later.number > u.number OR (later.number = u.number AND later.version > u.version)))
        ORDER BY u.incident_id";
    HEAD = "SELECT COALESCE(MAX(number), 0) AS number FROM status_update WHERE incident_id = $1";
    VERSION = "SELECT COALESCE(MAX(version), 0) AS version FROM status_update WHERE incident_id = $1 AND number = $2";
}

/// Stands for every field of an update whose key was erased.
const ERASED: &str = "(erased)";
/// Versions that one incident shows at most.
const MOST: usize = 500;

/// Stores a version.
///
/// # Errors
/// [`Error::Conflict`] if the incident has this version already.
pub async fn insert(tx: &mut Tx, update: &StatusUpdate) -> Result<(), Error> {
    let id = update.id.to_string();
    let plain = serde_json::to_vec(&update.text).map_err(Error::damaged)?;
    let sealed = tx.seal(&place(&id, update.incident), &plain).await?;
    let args = args![
        &id,
        update.incident,
        update.number,
        update.version,
        update.text.users.as_str(),
        sealed,
        &update.author,
        update.written_at,
        update.next_due_at,
    ];
    tx.execute(&INSERT, args).await.map(drop)
}

/// Returns every version of an incident's updates, the newest first, at most 500. Ask [`crate::incident::get`] first
/// whether the incident may be seen.
///
/// # Errors
/// What the database answers.
pub async fn list(conn: &mut Conn, incident: IncidentId) -> Result<Vec<StatusUpdate>, Error> {
    let found = conn.fetch(&LIST, args![incident, MOST]).await?;
    read(conn, &found).await
}

/// Returns the newest version of the newest update of each of these incidents; those without one are left out.
///
/// # Errors
/// What the database answers.
pub async fn latest(conn: &mut Conn, incidents: &[IncidentId]) -> Result<Vec<StatusUpdate>, Error> {
    if incidents.is_empty() {
        return Ok(Vec::new());
    }
    let asked = rows(incidents.iter().map(|id| serde_json::json!({ "id": id })).collect());
    let found = conn.fetch(&LATEST, vec![asked]).await?;
    read(conn, &found).await
}

/// Returns the number of an incident's newest update; 0 if there is none.
///
/// # Errors
/// What the database answers.
pub async fn newest_number(conn: &mut Conn, incident: IncidentId) -> Result<i64, Error> {
    conn.first(&HEAD, args![incident]).await?.map_or(Ok(0), |row| row.int("number"))
}

/// Returns the newest version of an update; 0 if there is no such update.
///
/// # Errors
/// What the database answers.
pub async fn newest_version(conn: &mut Conn, incident: IncidentId, number: i64) -> Result<i64, Error> {
    conn.first(&VERSION, args![incident, number]).await?.map_or(Ok(0), |row| row.int("version"))
}

async fn read(conn: &mut Conn, found: &[Row]) -> Result<Vec<StatusUpdate>, Error> {
    let sealed = found.iter().map(|row| row.blob("sealed")).collect::<Result<Vec<_>, _>>()?;
    conn.load_keys(sealed.iter().map(Vec::as_slice)).await?;
    let mut updates = Vec::with_capacity(found.len());
    for (row, sealed) in found.iter().zip(&sealed) {
        let incident = row.id("incident_id")?;
        let text = match conn.open(&place(&row.text("id")?, incident), sealed).await {
            Ok(plain) => serde_json::from_slice(&plain).map_err(|_| Error::damaged("a status update"))?,
            Err(Error::Sealed(_)) => erased(row.word("users", UsersImpacted::parse)?),
            Err(error) => return Err(error),
        };
        updates.push(StatusUpdate {
            id: row.id("id")?,
            incident,
            number: row.int("number")?,
            version: row.int("version")?,
            text,
            next_due_at: row.opt_time("next_due_at")?,
            author: row.text("author")?,
            written_at: row.time("written_at")?,
        });
    }
    Ok(updates)
}

fn erased(users: UsersImpacted) -> UpdateText {
    let text = || ERASED.to_owned();
    UpdateText { risk: text(), users, timeline: text(), mitigation: text(), status: text(), next_steps: text() }
}

fn place(id: &str, incident: IncidentId) -> Place<'_> {
    Place { table: "status_update", row: id, field: "sealed", incident: Some(incident) }
}
