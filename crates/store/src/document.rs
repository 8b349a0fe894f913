//! Tracking documents of incidents: every version is kept, sealed under the incident's own key.

use watchfire_core::id::IncidentId;
use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::keys::Place;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    INSERT = "INSERT INTO tracking_document (incident_id, version, template, plan_version, sealed, author, written_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    NEWEST = "SELECT * FROM tracking_document WHERE incident_id = $1 ORDER BY version DESC LIMIT 1";
    GET = "SELECT * FROM tracking_document WHERE incident_id = $1 AND version = $2";
}

/// One version of a tracking document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    pub incident: IncidentId,
    /// Counts from 1.
    pub version: i64,
    /// The template that the first version came from, by name.
    pub template: String,
    /// The version of the plans that held the template.
    pub plan_version: String,
    pub text: String,
    pub author: String,
    pub written_at: Timestamp,
}

/// Stores a version.
///
/// # Errors
/// [`Error::Conflict`] if somebody else wrote this version meanwhile.
pub async fn insert(tx: &mut Tx, document: &Document) -> Result<(), Error> {
    let row = row(document.incident, document.version);
    let sealed = tx.seal(&place(&row, document.incident), document.text.as_bytes()).await?;
    let args = args![
        document.incident,
        document.version,
        &document.template,
        &document.plan_version,
        sealed,
        &document.author,
        document.written_at,
    ];
    tx.execute(&INSERT, args).await.map(drop)
}

/// Returns the newest version. Ask [`crate::incident::get`] first whether the incident may be seen.
///
/// # Errors
/// What the database answers.
pub async fn newest(conn: &mut Conn, incident: IncidentId) -> Result<Option<Document>, Error> {
    match conn.first(&NEWEST, args![incident]).await? {
        Some(found) => read(conn, &found).await.map(Some),
        None => Ok(None),
    }
}

/// Returns one version. Ask [`crate::incident::get`] first whether the incident may be seen.
///
/// # Errors
/// What the database answers.
pub async fn get(conn: &mut Conn, incident: IncidentId, version: i64) -> Result<Option<Document>, Error> {
    match conn.first(&GET, args![incident, version]).await? {
        Some(found) => read(conn, &found).await.map(Some),
        None => Ok(None),
    }
}

async fn read(conn: &mut Conn, found: &crate::db::Row) -> Result<Document, Error> {
    let (incident, version) = (found.id("incident_id")?, found.int("version")?);
    let row = row(incident, version);
    let text = conn.open_text(&place(&row, incident), &found.blob("sealed")?).await?;
    Ok(Document {
        incident,
        version,
        template: found.text("template")?,
        plan_version: found.text("plan_version")?,
        text: text.unwrap_or_else(|| "(erased)".to_owned()),
        author: found.text("author")?,
        written_at: found.time("written_at")?,
    })
}

fn row(incident: IncidentId, version: i64) -> String {
    format!("{incident}/{version}")
}

fn place(row: &str, incident: IncidentId) -> Place<'_> {
    Place { table: "tracking_document", row, field: "sealed", incident: Some(incident) }
}
