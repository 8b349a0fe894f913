//! Reports: what somebody saw and said, with the triage checklist. The words are sealed under the incident's own key.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use watchfire_core::id::IncidentId;
use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::db::Row;
use crate::keys::Place;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    INSERT = "INSERT INTO report (incident_id, reporter, sealed, reported_at, acknowledged_at, acknowledged_by)
        VALUES ($1, $2, $3, $4, $5, $6)";
    SAVE = "UPDATE report SET sealed = $3, acknowledged_at = $5, acknowledged_by = $6
        WHERE incident_id = $1 AND reporter = $2 AND reported_at = $4";
    GET = "SELECT * FROM report WHERE incident_id = $1";
    OF_REPORTER = "SELECT r.*, i.short_id, i.phase FROM report r JOIN incident i ON i.id = r.incident_id
        WHERE r.reporter = $1 ORDER BY r.incident_id DESC LIMIT $2";
}

/// What was said, and what triage found out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Words {
    /// What the reporter saw.
    pub saw: String,
    /// How to reach the reporter; empty where the login is enough.
    pub contact: String,
    /// Answers of the triage checklist by the check's own words.
    pub checks: BTreeMap<String, String>,
}

/// One report; it belongs to the incident that it became.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    pub incident: IncidentId,
    /// A login.
    pub reporter: String,
    pub words: Words,
    pub reported_at: Timestamp,
    /// When the reporter was told that somebody looks at it.
    pub acknowledged_at: Option<Timestamp>,
    pub acknowledged_by: Option<String>,
}

/// What a reporter may know of their own report: that it is looked at, not what it became.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// The incident's short id, to refer to.
    pub short_id: String,
    pub saw: String,
    pub reported_at: Timestamp,
    pub acknowledged_at: Option<Timestamp>,
}

/// Stores a new report.
///
/// # Errors
/// What the database answers.
pub async fn insert(tx: &mut Tx, report: &Report) -> Result<(), Error> {
    let args = columns(tx, report).await?;
    tx.execute(&INSERT, args).await.map(drop)
}

/// Saves a changed report.
///
/// # Errors
/// [`Error::Conflict`] if there is none.
pub async fn save(tx: &mut Tx, report: &Report) -> Result<(), Error> {
    let args = columns(tx, report).await?;
    if tx.execute(&SAVE, args).await? == 0 { Err(Error::Conflict) } else { Ok(()) }
}

/// Returns the report that an incident came from. Ask [`crate::incident::get`] first whether the incident may be seen.
///
/// # Errors
/// What the database answers.
pub async fn get(conn: &mut Conn, incident: IncidentId) -> Result<Option<Report>, Error> {
    match conn.first(&GET, args![incident]).await? {
        Some(row) => read(conn, &row).await.map(Some),
        None => Ok(None),
    }
}

/// Returns the receipts of a reporter's own reports, the newest first.
///
/// # Errors
/// What the database answers.
pub async fn of_reporter(conn: &mut Conn, reporter: &str, limit: usize) -> Result<Vec<Receipt>, Error> {
    let mut receipts = Vec::new();
    for row in conn.fetch(&OF_REPORTER, args![reporter, limit]).await? {
        let report = read(conn, &row).await?;
        receipts.push(Receipt {
            short_id: row.text("short_id")?,
            saw: report.words.saw,
            reported_at: report.reported_at,
            acknowledged_at: report.acknowledged_at,
        });
    }
    Ok(receipts)
}

async fn columns(tx: &mut Tx, report: &Report) -> Result<Vec<crate::args::Value>, Error> {
    let id = report.incident.to_string();
    let plain = serde_json::to_vec(&report.words).map_err(Error::damaged)?;
    let sealed = tx.seal(&place(&id, report.incident), &plain).await?;
    Ok(args![
        report.incident,
        &report.reporter,
        sealed,
        report.reported_at,
        report.acknowledged_at,
        report.acknowledged_by.as_deref(),
    ])
}

async fn read(conn: &mut Conn, row: &Row) -> Result<Report, Error> {
    let incident = row.id("incident_id")?;
    let words = match conn.open_text(&place(&row.text("incident_id")?, incident), &row.blob("sealed")?).await? {
        Some(text) => serde_json::from_str(&text).map_err(|_| Error::damaged("a report"))?,
        None => Words { saw: "(erased)".to_owned(), contact: String::new(), checks: BTreeMap::new() },
    };
    Ok(Report {
        incident,
        reporter: row.text("reporter")?,
        words,
        reported_at: row.time("reported_at")?,
        acknowledged_at: row.opt_time("acknowledged_at")?,
        acknowledged_by: row.opt_text("acknowledged_by")?,
    })
}

fn place(id: &str, incident: IncidentId) -> Place<'_> {
    Place { table: "report", row: id, field: "sealed", incident: Some(incident) }
}
