//! Saving alerts, many at once.

use std::collections::HashMap;

use serde_json::json;

use super::{Alert, row};
use crate::args::{Value, rows};
use crate::statements::statements;
use crate::{Error, Tx};

statements! {
    // One by one by their key: joined, PostgreSQL reads all alerts while its statistics are young, 50 ms at 100,000.
    STATUSES = "SELECT r.value ->> 'id' AS id, (SELECT a.status FROM alert a WHERE a.id = r.value ->> 'id') AS status
        FROM EACH($1)";
    // A new alert has version 0 and becomes 1; a known one must still have the version that was read.
    SAVE = "INSERT INTO alert (id, source_id, dedup_key, group_key, speaks_for_group, status, episode, count, occurred_at,
          ended_at, changed_at, turns, flapping, severity, class, sample, sealed, first_event, last_event, first_seen_at,
          last_seen_at, snapshot_scope, team, rule, suppressed_by, acknowledged_by, settled_at, version)
        SELECT r.value ->> 'id', r.value ->> 'source', r.value ->> 'key', r.value ->> 'group',
          CAST(r.value ->> 'speaks' AS BOOLEAN), r.value ->> 'status', CAST(r.value ->> 'episode' AS BIGINT),
          CAST(r.value ->> 'count' AS BIGINT), CAST(r.value ->> 'occurred' AS BIGINT), CAST(r.value ->> 'ended' AS BIGINT),
          CAST(r.value ->> 'changed' AS BIGINT), r.value ->> 'turns', CAST(r.value ->> 'flapping' AS BOOLEAN),
          CAST(r.value ->> 'severity' AS BIGINT), r.value ->> 'class', CAST(r.value ->> 'sample' AS BOOLEAN),
          substr(CAST($2 AS BYTEA), CAST(r.value ->> 'from' AS INTEGER), CAST(r.value ->> 'length' AS INTEGER)),
          r.value ->> 'first_event', r.value ->> 'event', CAST(r.value ->> 'first_seen' AS BIGINT),
          CAST(r.value ->> 'last_seen' AS BIGINT), r.value ->> 'snapshot', r.value ->> 'team', r.value ->> 'rule',
          r.value ->> 'suppressed', r.value ->> 'acknowledged', CAST(r.value ->> 'settled' AS BIGINT),
          CAST(r.value ->> 'version' AS BIGINT) + 1
        FROM EACH($1) WHERE TRUE
        ON CONFLICT (id) DO UPDATE SET source_id = excluded.source_id, dedup_key = excluded.dedup_key,
          group_key = excluded.group_key, speaks_for_group = excluded.speaks_for_group,
          status = excluded.status, episode = excluded.episode, count = excluded.count, occurred_at = excluded.occurred_at,
          ended_at = excluded.ended_at, changed_at = excluded.changed_at, turns = excluded.turns,
          flapping = excluded.flapping, severity = excluded.severity, class = excluded.class, sample = excluded.sample,
          sealed = excluded.sealed, last_event = excluded.last_event, last_seen_at = excluded.last_seen_at,
          snapshot_scope = excluded.snapshot_scope, team = excluded.team, rule = excluded.rule,
          suppressed_by = excluded.suppressed_by, acknowledged_by = excluded.acknowledged_by,
          settled_at = excluded.settled_at, version = excluded.version
        WHERE alert.version = excluded.version - 1";
}

/// Saves new and changed alerts; each alert at most once in the list. Their version in the store becomes one more than
/// the one they carry.
///
/// # Errors
/// [`Error::Conflict`] if one was changed by somebody else since it was read, or another alert has the same source and
/// key; nothing of the transaction is kept then.
pub async fn save(tx: &mut Tx, alerts: &[Alert]) -> Result<(), Error> {
    if alerts.is_empty() {
        return Ok(());
    }
    let mut before = HashMap::new();
    let known: Vec<_> = alerts.iter().filter(|alert| alert.version > 0).map(|alert| json!({ "id": alert.id })).collect();
    if !known.is_empty() {
        for row in tx.fetch(&STATUSES, vec![rows(known)]).await? {
            if let Some(status) = row.opt_text("status")? {
                before.insert(row.text("id")?, status);
            }
        }
    }
    let (mut pack, mut json) = (Vec::new(), Vec::with_capacity(alerts.len()));
    for alert in alerts {
        let sealed = row::seal(tx, alert).await?;
        json.push(row::to_json(alert, pack.len() + 1, sealed.len()));
        pack.extend_from_slice(&sealed);
    }
    let saved = tx.execute(&SAVE, vec![rows(json), Value::Blob(Some(pack))]).await?;
    if usize::try_from(saved).ok() != Some(alerts.len()) {
        return Err(Error::Conflict);
    }
    for alert in alerts {
        if let Some(old) = before.get(&alert.id.to_string()) {
            tx.tally(&format!("alerts.{old}"), -1);
        }
        tx.tally(&format!("alerts.{}", alert.current.status.as_str()), 1);
    }
    Ok(())
}
