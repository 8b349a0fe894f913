//! Saving incidents.

use serde_json::json;
use watchfire_core::incident::{Incident, Sensitivity};

use super::row;
use crate::args::{args, rows};
use crate::statements::statements;
use crate::{Error, Tx};

statements! {
    INSERT = "INSERT INTO incident (id, short_id, codename, sealed, class, severity, phase, team, visibility, kind, signal,
          roles, commander, postmortem, occurred_at, detected_at, acknowledged_at, declared_at, resolved_at, closed_at,
          merged_into, rule, plan_version, created_at, updated_at, sensitivity, scope_known_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
          $24, $25, $26, $27, $28)
        ON CONFLICT (short_id) DO NOTHING";
    BEFORE = "SELECT phase, severity, visibility, sensitivity, kind FROM incident WHERE id = $1";
    SAVE = "UPDATE incident SET short_id = $2, codename = $3, sealed = $4, class = $5, severity = $6, phase = $7, team = $8,
          visibility = $9, kind = $10, signal = $11, roles = $12, commander = $13, postmortem = $14, occurred_at = $15,
          detected_at = $16, acknowledged_at = $17, declared_at = $18, resolved_at = $19, closed_at = $20,
          merged_into = $21, rule = $22, plan_version = $23, created_at = $24, updated_at = $25,
          sensitivity = $26, scope_known_at = $27, version = $28 + 1
        WHERE id = $1 AND version = $28";
    PEOPLE_CLEAR = "DELETE FROM incident_person WHERE incident_id = $1";
    PEOPLE_ADD = "INSERT INTO incident_person (incident_id, login) SELECT $2, r.value ->> 'login' FROM EACH($1) WHERE TRUE
        ON CONFLICT DO NOTHING";
}

/// Stores a new incident with the version it carries.
///
/// # Errors
/// [`Error::ShortIdTaken`]: draw another one and run the operation again.
pub async fn insert(tx: &mut Tx, incident: &Incident) -> Result<(), Error> {
    let args = row::args(tx, incident).await?;
    if tx.execute(&INSERT, args).await? == 0 {
        return Err(Error::ShortIdTaken);
    }
    count(tx, incident, 1);
    people(tx, incident, false).await
}

/// Saves a changed incident, which carries the version that was read; in the store it becomes one more.
///
/// # Errors
/// [`Error::Conflict`] if somebody else changed it since.
pub async fn save(tx: &mut Tx, incident: &Incident) -> Result<(), Error> {
    let before = tx.first(&BEFORE, args![incident.id]).await?.ok_or(Error::Conflict)?;
    let args = row::args(tx, incident).await?;
    if tx.execute(&SAVE, args).await? == 0 {
        return Err(Error::Conflict);
    }
    let seen = row::seen(&before.text("visibility")?, before.word("sensitivity", Sensitivity::parse)?);
    let name = row::tally(&before.text("kind")?, &seen, &before.text("phase")?, before.opt_int("severity")?);
    tx.tally(&name, -1);
    count(tx, incident, 1);
    people(tx, incident, true).await
}

fn count(tx: &mut Tx, incident: &Incident, change: i64) {
    let severity = incident.severity.map(|severity| i64::from(severity.level()));
    let seen = row::seen(&row::word(&incident.visibility), incident.sensitivity);
    let name = row::tally(&row::word(&incident.kind), &seen, incident.phase.as_str(), severity);
    tx.tally(&name, change);
}

/// Keeps the list of those who may see a restricted incident: who holds a role, and who is offered one.
async fn people(tx: &mut Tx, incident: &Incident, known: bool) -> Result<(), Error> {
    if known {
        tx.execute(&PEOPLE_CLEAR, args![incident.id]).await?;
    }
    let logins: Vec<_> = incident
        .roles
        .iter()
        .flat_map(|held| std::iter::once(&held.holder).chain(&held.offered_to))
        .map(|login| json!({ "login": crate::args::storable(login) }))
        .collect();
    if logins.is_empty() {
        return Ok(());
    }
    let mut args = vec![rows(logins)];
    args.extend(args![incident.id]);
    tx.execute(&PEOPLE_ADD, args).await.map(drop)
}
