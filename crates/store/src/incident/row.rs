//! An incident as a row.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use watchfire_core::Severity;
use watchfire_core::incident::{Class, Incident, Phase, Postmortem, Sensitivity};
use watchfire_core::time::micros;

use crate::args::{Value, rows, storable};
use crate::db::Row;
use crate::keys::Place;
use crate::{Conn, Error, Tx};

/// What people wrote: sealed together.
#[derive(Serialize, Deserialize)]
struct Words {
    title: String,
    summary: String,
    waived: Option<String>,
}

/// Stands for the title of an incident whose key was erased.
const ERASED: &str = "(erased)";

/// Returns the word under which a vocabulary of core is serialised.
pub(super) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn parse<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(word.into()).ok()
}

/// Returns the word for who sees an incident without being on it: its visibility, or its sensitivity if that shuts owners
/// out too.
pub(super) fn seen(visibility: &str, sensitivity: Sensitivity) -> String {
    match sensitivity {
        Sensitivity::Normal => visibility.to_owned(),
        Sensitivity::Employee => sensitivity.as_str().to_owned(),
    }
}

/// Returns the name of the tally that an incident is counted under.
pub(super) fn tally(kind: &str, visibility: &str, phase: &str, severity: Option<i64>) -> String {
    format!("incidents.{kind}.{visibility}.{phase}.{}", severity.unwrap_or(0))
}

/// Returns the rows and the pack of sealed words that the statements take.
pub(super) async fn args(tx: &mut Tx, incidents: &[&Incident]) -> Result<Vec<Value>, Error> {
    let (mut pack, mut json) = (Vec::new(), Vec::with_capacity(incidents.len()));
    for incident in incidents {
        let sealed = seal(tx, incident).await?;
        json.push(to_json(incident, pack.len() + 1, sealed.len())?);
        pack.extend_from_slice(&sealed);
    }
    Ok(vec![rows(json), Value::Blob(Some(pack))])
}

async fn seal(tx: &mut Tx, incident: &Incident) -> Result<Vec<u8>, Error> {
    let waived = match &incident.postmortem {
        Postmortem::Waived { reason } => Some(reason.clone()),
        _ => None,
    };
    let words = Words { title: incident.title.clone(), summary: incident.summary.clone(), waived };
    let plain = serde_json::to_vec(&words).map_err(Error::damaged)?;
    tx.seal(&place(&incident.id.to_string(), incident.id), &plain).await
}

/// Writes the plain columns as JSON; `from` and `length` name the slice of the pack that holds the sealed words.
fn to_json(incident: &Incident, from: usize, length: usize) -> Result<serde_json::Value, Error> {
    Ok(json!({
        "id": incident.id,
        "short_id": incident.short_id,
        "codename": incident.codename,
        "from": from,
        "length": length,
        "class": incident.class.as_str(),
        "severity": incident.severity.map(|severity| i64::from(severity.level())),
        "phase": incident.phase.as_str(),
        "team": storable(&incident.team),
        "visibility": word(&incident.visibility),
        "kind": word(&incident.kind),
        "signal": word(&incident.signal),
        "roles": storable(&serde_json::to_string(&incident.roles).map_err(Error::damaged)?),
        "commander": incident.commander().map(storable),
        "postmortem": postmortem_word(&incident.postmortem),
        "occurred": incident.occurred_at.map(micros),
        "detected": micros(incident.detected_at),
        "acknowledged": incident.acknowledged_at.map(micros),
        "declared": incident.declared_at.map(micros),
        "resolved": incident.resolved_at.map(micros),
        "closed": incident.closed_at.map(micros),
        "merged_into": incident.merged_into,
        "rule": storable(&incident.rule),
        "plan": storable(&incident.plan_version),
        "created": micros(incident.created_at),
        "updated": micros(incident.updated_at),
        "sensitivity": incident.sensitivity.as_str(),
        "scope_known": incident.scope_known_at.map(micros),
        "signalled": incident.signalled.map(|severity| i64::from(severity.level())),
        "version": incident.version,
    }))
}

/// Reads rows back, with their keys fetched at once.
pub(super) async fn read(conn: &mut Conn, rows: &[Row]) -> Result<Vec<Incident>, Error> {
    let sealed = rows.iter().map(|row| row.blob("sealed")).collect::<Result<Vec<_>, _>>()?;
    conn.load_keys(sealed.iter().map(Vec::as_slice)).await?;
    let mut incidents = Vec::with_capacity(rows.len());
    for (row, sealed) in rows.iter().zip(&sealed) {
        incidents.push(incident(conn, row, sealed).await?);
    }
    Ok(incidents)
}

async fn incident(conn: &mut Conn, row: &Row, sealed: &[u8]) -> Result<Incident, Error> {
    let id = row.id("id")?;
    let words = match conn.open(&place(&row.text("id")?, id), sealed).await {
        Ok(plain) => serde_json::from_slice(&plain).map_err(|_| Error::damaged("an incident's words"))?,
        Err(Error::Sealed(_)) => Words { title: ERASED.to_owned(), summary: String::new(), waived: None },
        Err(error) => return Err(error),
    };
    Ok(Incident {
        id,
        short_id: row.text("short_id")?,
        codename: row.text("codename")?,
        title: words.title,
        summary: words.summary,
        class: row.word("class", Class::parse)?,
        severity: row.opt_int("severity")?.and_then(Severity::from_level),
        phase: row.word("phase", Phase::parse)?,
        team: row.text("team")?,
        visibility: row.word("visibility", parse)?,
        sensitivity: row.word("sensitivity", Sensitivity::parse)?,
        kind: row.word("kind", parse)?,
        signal: row.word("signal", parse)?,
        roles: row.json("roles")?,
        postmortem: match row.text("postmortem")?.as_str() {
            "due" => Postmortem::Due,
            "published" => Postmortem::Published,
            "waived" => Postmortem::Waived { reason: words.waived.unwrap_or_default() },
            _ => Postmortem::NotDue,
        },
        occurred_at: row.opt_time("occurred_at")?,
        detected_at: row.time("detected_at")?,
        acknowledged_at: row.opt_time("acknowledged_at")?,
        declared_at: row.opt_time("declared_at")?,
        resolved_at: row.opt_time("resolved_at")?,
        closed_at: row.opt_time("closed_at")?,
        scope_known_at: row.opt_time("scope_known_at")?,
        signalled: row.opt_int("signalled")?.and_then(Severity::from_level),
        merged_into: row.opt_id("merged_into")?,
        rule: row.text("rule")?,
        plan_version: row.text("plan_version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        version: row.int("version")?,
    })
}

fn postmortem_word(postmortem: &Postmortem) -> &'static str {
    match postmortem {
        Postmortem::NotDue => "not_due",
        Postmortem::Due => "due",
        Postmortem::Published => "published",
        Postmortem::Waived { .. } => "waived",
    }
}

fn place(row: &str, id: watchfire_core::id::IncidentId) -> Place<'_> {
    Place { table: "incident", row, field: "sealed", incident: Some(id) }
}
