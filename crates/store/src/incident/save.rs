//! Saving incidents.

use serde_json::json;
use watchfire_core::incident::{Incident, Sensitivity};

use super::row;
use crate::args::{args, rows, storable};
use crate::statements::statements;
use crate::{Error, Tx};

statements! {
    // The sealed words come as one value next to the rows, which name their slice of it.
    INSERT = "INSERT INTO incident (id, short_id, codename, sealed, class, severity, phase, team, visibility, kind, signal,
          roles, commander, postmortem, occurred_at, detected_at, acknowledged_at, declared_at, resolved_at, closed_at,
          merged_into, rule, plan_version, created_at, updated_at, sensitivity, scope_known_at, signalled, version)
        SELECT r.value ->> 'id', r.value ->> 'short_id', r.value ->> 'codename',
          substr(CAST($2 AS BYTEA), CAST(r.value ->> 'from' AS INTEGER), CAST(r.value ->> 'length' AS INTEGER)),
          r.value ->> 'class', CAST(r.value ->> 'severity' AS BIGINT), r.value ->> 'phase', r.value ->> 'team',
          r.value ->> 'visibility', r.value ->> 'kind', r.value ->> 'signal', r.value ->> 'roles', r.value ->> 'commander',
          r.value ->> 'postmortem', CAST(r.value ->> 'occurred' AS BIGINT), CAST(r.value ->> 'detected' AS BIGINT),
          CAST(r.value ->> 'acknowledged' AS BIGINT), CAST(r.value ->> 'declared' AS BIGINT),
          CAST(r.value ->> 'resolved' AS BIGINT), CAST(r.value ->> 'closed' AS BIGINT), r.value ->> 'merged_into',
          r.value ->> 'rule', r.value ->> 'plan', CAST(r.value ->> 'created' AS BIGINT),
          CAST(r.value ->> 'updated' AS BIGINT), r.value ->> 'sensitivity', CAST(r.value ->> 'scope_known' AS BIGINT),
          CAST(r.value ->> 'signalled' AS BIGINT), CAST(r.value ->> 'version' AS BIGINT)
        FROM EACH($1) WHERE TRUE
        ON CONFLICT (short_id) DO NOTHING";
    BEFORE = "SELECT i.phase, i.severity, i.visibility, i.sensitivity, i.kind
        FROM EACH($1) JOIN incident i ON i.id = r.value ->> 'id'";
    SAVE = "UPDATE incident SET short_id = r.value ->> 'short_id', codename = r.value ->> 'codename',
          sealed = substr(CAST($2 AS BYTEA), CAST(r.value ->> 'from' AS INTEGER), CAST(r.value ->> 'length' AS INTEGER)),
          class = r.value ->> 'class', severity = CAST(r.value ->> 'severity' AS BIGINT), phase = r.value ->> 'phase',
          team = r.value ->> 'team', visibility = r.value ->> 'visibility', kind = r.value ->> 'kind',
          signal = r.value ->> 'signal', roles = r.value ->> 'roles', commander = r.value ->> 'commander',
          postmortem = r.value ->> 'postmortem', occurred_at = CAST(r.value ->> 'occurred' AS BIGINT),
          detected_at = CAST(r.value ->> 'detected' AS BIGINT), acknowledged_at = CAST(r.value ->> 'acknowledged' AS BIGINT),
          declared_at = CAST(r.value ->> 'declared' AS BIGINT), resolved_at = CAST(r.value ->> 'resolved' AS BIGINT),
          closed_at = CAST(r.value ->> 'closed' AS BIGINT), merged_into = r.value ->> 'merged_into', rule = r.value ->> 'rule',
          plan_version = r.value ->> 'plan', created_at = CAST(r.value ->> 'created' AS BIGINT),
          updated_at = CAST(r.value ->> 'updated' AS BIGINT), sensitivity = r.value ->> 'sensitivity',
          scope_known_at = CAST(r.value ->> 'scope_known' AS BIGINT), signalled = CAST(r.value ->> 'signalled' AS BIGINT),
          version = CAST(r.value ->> 'version' AS BIGINT) + 1
        FROM EACH($1) WHERE incident.id = r.value ->> 'id' AND incident.version = CAST(r.value ->> 'version' AS BIGINT)";
    COMMANDED = "UPDATE incident SET commanded_at = $2 WHERE commanded_at IS NULL AND commander IS NOT NULL
          AND id IN (SELECT r.value ->> 'id' FROM EACH($1))";
    PEOPLE_CLEAR = "DELETE FROM incident_person WHERE incident_id IN (SELECT r.value ->> 'id' FROM EACH($1))";
    PEOPLE_ADD = "INSERT INTO incident_person (incident_id, login) SELECT r.value ->> 'id', r.value ->> 'login'
        FROM EACH($1) WHERE TRUE
        ON CONFLICT DO NOTHING";
}

/// Stores a new incident with the version it carries.
///
/// # Errors
/// [`Error::ShortIdTaken`]: draw another one and run the operation again.
pub async fn insert(tx: &mut Tx, incident: &Incident) -> Result<(), Error> {
    insert_all(tx, &[incident]).await
}

/// Saves a changed incident, which carries the version that was read; in the store it becomes one more.
///
/// # Errors
/// [`Error::Conflict`] if somebody else changed it since.
pub async fn save(tx: &mut Tx, incident: &Incident) -> Result<(), Error> {
    save_all(tx, &[incident]).await
}

/// Stores new incidents by one statement, as [`insert`] does one.
///
/// # Errors
/// [`Error::ShortIdTaken`] if the short id of any of them is taken.
pub async fn insert_all(tx: &mut Tx, incidents: &[&Incident]) -> Result<(), Error> {
    if incidents.is_empty() {
        return Ok(());
    }
    let args = row::args(tx, incidents).await?;
    if tx.execute(&INSERT, args).await? != incidents.len() as u64 {
        return Err(Error::ShortIdTaken);
    }
    incidents.iter().for_each(|incident| count(tx, incident, 1));
    people(tx, incidents).await
}

/// Saves changed incidents by one statement, as [`save`] does one; each at most once in the list.
///
/// # Errors
/// [`Error::Conflict`] if somebody else changed any of them since.
pub async fn save_all(tx: &mut Tx, incidents: &[&Incident]) -> Result<(), Error> {
    if incidents.is_empty() {
        return Ok(());
    }
    let ids = rows(incidents.iter().map(|incident| json!({ "id": incident.id })).collect());
    let before = tx.fetch(&BEFORE, vec![ids.clone()]).await?;
    let args = row::args(tx, incidents).await?;
    if tx.execute(&SAVE, args).await? != incidents.len() as u64 {
        return Err(Error::Conflict);
    }
    for row in &before {
        let seen = row::seen(&row.text("visibility")?, row.word("sensitivity", Sensitivity::parse)?);
        let name = row::tally(&row.text("kind")?, &seen, &row.text("phase")?, row.opt_int("severity")?);
        tx.tally(&name, -1);
    }
    incidents.iter().for_each(|incident| count(tx, incident, 1));
    tx.execute(&PEOPLE_CLEAR, vec![ids]).await?;
    people(tx, incidents).await
}

fn count(tx: &mut Tx, incident: &Incident, change: i64) {
    let severity = incident.severity.map(|severity| i64::from(severity.level()));
    let seen = row::seen(&row::word(&incident.visibility), incident.sensitivity);
    let name = row::tally(&row::word(&incident.kind), &seen, incident.phase.as_str(), severity);
    tx.tally(&name, change);
}

/// Keeps the list of those who may see a restricted incident: who holds a role, and who is offered one.
async fn people(tx: &mut Tx, incidents: &[&Incident]) -> Result<(), Error> {
    let led: Vec<_> = incidents.iter().filter(|incident| incident.commander().is_some()).collect();
    if !led.is_empty() {
        let now = tx.now();
        let mut asked = vec![rows(led.iter().map(|incident| json!({ "id": incident.id })).collect())];
        asked.extend(args![now]);
        tx.execute(&COMMANDED, asked).await?;
    }
    let mut logins = Vec::new();
    for incident in incidents {
        let held = incident.roles.iter().flat_map(|held| std::iter::once(&held.holder).chain(&held.offered_to));
        logins.extend(held.map(|login| json!({ "id": incident.id, "login": storable(login) })));
    }
    if logins.is_empty() {
        return Ok(());
    }
    tx.execute(&PEOPLE_ADD, vec![rows(logins)]).await.map(drop)
}
