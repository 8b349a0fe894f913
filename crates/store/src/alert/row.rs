//! An alert as a row.

use serde::{Deserialize, Serialize};
use serde_json::json;
use watchfire_core::Severity;
use watchfire_core::alert::{Current, DedupKey, Labels, Status};
use watchfire_core::incident::Class;
use watchfire_core::time::{from_micros, micros};

use super::Alert;
use crate::args::storable;
use crate::db::Row;
use crate::keys::Place;
use crate::{Conn, Error, Tx};

/// What the sender wrote: sealed together.
#[derive(Serialize, Deserialize)]
struct Words {
    title: String,
    description: String,
    source_severity: Option<String>,
    resource: Option<String>,
    link: Option<String>,
    labels: Labels,
}

/// Longest texts that stand in an index; longer ones are replaced by their hash.
const KEY_BYTES: usize = 1_024;

/// Returns a key as it stands in the row.
pub(super) fn key(text: &str) -> String {
    use sha2::{Digest, Sha256};
    if text.len() > KEY_BYTES {
        return format!("sha256-{}", watchfire_core::text::hex(&Sha256::digest(text.as_bytes())));
    }
    storable(text)
}

/// Seals the alert's words.
pub(super) async fn seal(tx: &mut Tx, alert: &Alert) -> Result<Vec<u8>, Error> {
    let words = Words {
        title: alert.title.clone(),
        description: alert.description.clone(),
        source_severity: alert.source_severity.clone(),
        resource: alert.resource.clone(),
        link: alert.link.clone(),
        labels: alert.labels.clone(),
    };
    let plain = serde_json::to_vec(&words).map_err(Error::damaged)?;
    tx.seal(&place(&alert.id.to_string()), &plain).await
}

/// Writes the plain columns as JSON; `from` and `length` name the slice of the pack that holds the sealed words.
pub(super) fn to_json(alert: &Alert, from: usize, length: usize) -> serde_json::Value {
    let turns: Vec<i64> = alert.current.turns.iter().map(|turn| micros(*turn)).collect();
    json!({
        "id": alert.id,
        "source": alert.source_id,
        "key": key(alert.dedup_key.as_str()),
        "group": alert.group.as_deref().map(key),
        "speaks": alert.speaks_for_group,
        "status": alert.current.status.as_str(),
        "episode": alert.current.episode,
        "count": alert.current.count,
        "occurred": micros(alert.current.occurred_at),
        "ended": alert.current.ended_at.map(micros),
        "changed": micros(alert.current.changed_at),
        "turns": serde_json::Value::from(turns).to_string(),
        "flapping": alert.current.flapping,
        "severity": alert.severity.map(|severity| i64::from(severity.level())),
        "class": alert.class.map(Class::as_str),
        "sample": alert.sample,
        "from": from,
        "length": length,
        "first_event": alert.first_event,
        "event": alert.event,
        "first_seen": micros(alert.first_seen_at),
        "last_seen": micros(alert.last_seen_at),
        "snapshot": alert.snapshot_scope.as_deref().map(key),
        "team": storable(&alert.team),
        "rule": storable(&alert.rule),
        "suppressed": alert.suppressed_by.as_deref().map(storable),
        "acknowledged": alert.acknowledged_by.as_deref().map(storable),
        "settled": alert.current.settled_at.map(micros),
        "version": alert.version,
    })
}

/// Reads rows back, with their keys fetched at once.
pub(super) async fn read(conn: &mut Conn, rows: &[Row]) -> Result<Vec<Alert>, Error> {
    let mut alerts = Vec::with_capacity(rows.len());
    for row in rows {
        alerts.push(alert(conn, row).await?);
    }
    Ok(alerts)
}

async fn alert(conn: &mut Conn, row: &Row) -> Result<Alert, Error> {
    let id = row.text("id")?;
    let plain = conn.open(&place(&id), &row.blob("sealed")?).await?;
    let words: Words = serde_json::from_slice(&plain).map_err(|_| Error::damaged("an alert's words"))?;
    let turns: Vec<i64> = row.json("turns")?;
    let acknowledged_by = row.opt_text("acknowledged_by")?;
    Ok(Alert {
        id: row.id("id")?,
        source_id: row.id("source_id")?,
        source_name: row.opt_text("source_name")?.unwrap_or_default(),
        source_kind: row.opt_text("source_kind")?.unwrap_or_default(),
        dedup_key: DedupKey::from_stored(row.text("dedup_key")?),
        group: row.opt_text("group_key")?,
        speaks_for_group: row.bool("speaks_for_group")?,
        current: Current {
            status: row.word("status", Status::parse)?,
            episode: row.int("episode")?,
            count: row.int("count")?,
            occurred_at: row.time("occurred_at")?,
            ended_at: row.opt_time("ended_at")?,
            changed_at: row.time("changed_at")?,
            turns: turns.into_iter().map(from_micros).collect(),
            flapping: row.bool("flapping")?,
            settled_at: row.opt_time("settled_at")?,
            acknowledged_here: acknowledged_by.is_some(),
        },
        title: words.title,
        description: words.description,
        severity: row.opt_int("severity")?.and_then(Severity::from_level),
        source_severity: words.source_severity,
        class: row.opt_text("class")?.as_deref().and_then(Class::parse),
        resource: words.resource,
        link: words.link,
        labels: words.labels,
        sample: row.bool("sample")?,
        first_event: row.id("first_event")?,
        event: row.id("last_event")?,
        first_seen_at: row.time("first_seen_at")?,
        last_seen_at: row.time("last_seen_at")?,
        snapshot_scope: row.opt_text("snapshot_scope")?,
        team: row.text("team")?,
        rule: row.text("rule")?,
        suppressed_by: row.opt_text("suppressed_by")?,
        acknowledged_by,
        version: row.int("version")?,
    })
}

fn place(id: &str) -> Place<'_> {
    Place { table: "alert", row: id, field: "sealed", incident: None }
}
