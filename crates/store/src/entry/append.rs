//! Writing entries, at the end of a transaction.

use std::collections::BTreeMap;

use serde_json::json;
use watchfire_core::id::IncidentId;
use watchfire_core::record::{Draft, Leaf, SALT_BYTES};
use watchfire_core::time::micros;

use super::read::secret_place;
use crate::args::{Value, args, rows};
use crate::statements::statements;
use crate::{Error, Tx, random};

statements! {
    TAKE = "UPDATE counter SET value = value + $1 WHERE name = 'entry' RETURNING value";
    // By the time this runs the counter's row is locked, so that no other node adds to the incident.
    INCIDENT_HEADS = "SELECT r.value ->> 'incident' AS incident,
          (SELECT e.incident_seq FROM entry e WHERE e.incident_id = r.value ->> 'incident' ORDER BY e.seq DESC LIMIT 1) AS head
        FROM EACH($1)";
    INSERT = "INSERT INTO entry (seq, id, incident_seq, recorded_at, occurred_at, known_at, actor_kind, actor_id, kind,
          incident_id, alert_id, event_id, plan_version, corrects, leaf, leaf_hash)
        SELECT CAST(r.value ->> 'seq' AS BIGINT), r.value ->> 'id', CAST(r.value ->> 'incident_seq' AS BIGINT),
          CAST(r.value ->> 'recorded' AS BIGINT), CAST(r.value ->> 'occurred' AS BIGINT),
          CAST(r.value ->> 'known' AS BIGINT), r.value ->> 'actor_kind', r.value ->> 'actor_id', r.value ->> 'kind',
          r.value ->> 'incident', r.value ->> 'alert', r.value ->> 'event', r.value ->> 'plan',
          CAST(r.value ->> 'corrects' AS BIGINT), r.value ->> 'leaf',
          substr(CAST($2 AS BYTEA), CAST(r.value ->> 'at' AS INTEGER) * 32 + 1, 32)
        FROM EACH($1) WHERE TRUE";
    SECRETS = "INSERT INTO entry_secret (seq, field, sealed)
        SELECT CAST(r.value ->> 'seq' AS BIGINT), r.value ->> 'field',
          substr(CAST($2 AS BYTEA), CAST(r.value ->> 'from' AS INTEGER), CAST(r.value ->> 'length' AS INTEGER))
        FROM EACH($1) WHERE TRUE";
}

/// Writes drafts as entries in their order and returns the new head of the record.
pub(crate) async fn append(tx: &mut Tx, drafts: Vec<Draft>) -> Result<i64, Error> {
    let now = tx.now();
    let mut ready = Vec::with_capacity(drafts.len());
    for draft in drafts {
        ready.push((clean(draft), random::id(now)?));
    }
    // Keys are made before the counter is taken: nothing slow happens while other nodes wait for it.
    let mut sealed = Vec::new();
    for (at, (draft, id)) in ready.iter().enumerate() {
        let row = id.to_string();
        for (field, text) in &draft.confidential {
            let salt: [u8; SALT_BYTES] = random::bytes()?;
            let plain = [&salt[..], text.as_bytes()].concat();
            let bytes = tx.seal(&secret_place(&row, field, draft.incident), &plain).await?;
            sealed.push((at, field.clone(), salt, bytes));
        }
    }
    let head = tx
        .first(&TAKE, args![ready.len()])
        .await?
        .ok_or_else(|| Error::damaged("the record's counter is missing"))?
        .int("value")?;
    let first = head - i64::try_from(ready.len()).unwrap_or(0) + 1;
    let mut heads = incident_heads(tx, &ready.iter().filter_map(|(draft, _)| draft.incident).collect::<Vec<_>>()).await?;
    let (mut json, mut hashes) = (Vec::with_capacity(ready.len()), Vec::with_capacity(ready.len() * 32));
    let mut salted = sealed.iter().peekable();
    for (at, (seq, (draft, id))) in (first..).zip(&ready).enumerate() {
        let mut salts = BTreeMap::new();
        while let Some((_, field, salt, _)) = salted.next_if(|(of, ..)| *of == at) {
            salts.insert(field.clone(), *salt);
        }
        let leaf = Leaf::of(draft, seq, *id, now, &salts);
        let incident_seq = draft.incident.map(|incident| {
            let head = heads.entry(incident).or_default();
            *head += 1;
            *head
        });
        json.push(json!({
            "at": at,
            "seq": seq,
            "id": id,
            "incident_seq": incident_seq,
            "recorded": micros(now),
            "occurred": micros(draft.occurred_at),
            "known": micros(draft.known_at),
            "actor_kind": draft.actor.kind(),
            "actor_id": draft.actor.id(),
            "kind": draft.kind,
            "incident": draft.incident,
            "alert": draft.alert,
            "event": draft.event,
            "plan": draft.plan_version,
            "corrects": draft.corrects,
            "leaf": leaf.json,
        }));
        hashes.extend_from_slice(&leaf.hash);
    }
    drop(ready);
    tx.execute(&INSERT, vec![rows(json), Value::Blob(Some(hashes))]).await?;
    if !sealed.is_empty() {
        let (mut pack, mut json) = (Vec::new(), Vec::with_capacity(sealed.len()));
        for (at, field, _, bytes) in sealed {
            let seq = first + i64::try_from(at).unwrap_or(0);
            json.push(json!({ "seq": seq, "field": field, "from": pack.len() + 1, "length": bytes.len() }));
            pack.extend_from_slice(&bytes);
        }
        tx.execute(&SECRETS, vec![rows(json), Value::Blob(Some(pack))]).await?;
    }
    Ok(head)
}

async fn incident_heads(tx: &mut Tx, incidents: &[IncidentId]) -> Result<BTreeMap<IncidentId, i64>, Error> {
    let mut incidents = incidents.to_vec();
    incidents.sort_unstable();
    incidents.dedup();
    let mut heads = BTreeMap::new();
    if incidents.is_empty() {
        return Ok(heads);
    }
    let asked = rows(incidents.iter().map(|incident| json!({ "incident": incident })).collect());
    for row in tx.fetch(&INCIDENT_HEADS, vec![asked]).await? {
        heads.insert(row.id("incident")?, row.opt_int("head")?.unwrap_or(0));
    }
    Ok(heads)
}

/// Takes out what PostgreSQL's text cannot hold, so that the leaf is the same on both databases.
fn clean(mut draft: Draft) -> Draft {
    let has_nul = |text: &str| text.contains('\0');
    if has_nul(&draft.kind) || has_nul(draft.actor.id()) || has_nul(&draft.plan_version) {
        draft.kind = crate::args::storable(&draft.kind);
        draft.plan_version = crate::args::storable(&draft.plan_version);
        let id = crate::args::storable(draft.actor.id());
        draft.actor = watchfire_core::actor::Actor::from_parts(draft.actor.kind(), &id);
    }
    draft
}
