//! Keeping events: all that wait, by one statement.

use std::collections::HashMap;

use serde_json::json;
use sha2::{Digest, Sha256};
use watchfire_core::event::Status;
use watchfire_core::text::hex;
use watchfire_core::time::micros;

use super::{Appended, NewEvent, Prepared};
use crate::args::{Value, rows, storable};
use crate::statements::statements;
use crate::{Error, Tx};

statements! {
    // The sealed contents come as one value next to the rows, which name their slice of it: bytes in JSON would have to
    // be encoded and decoded.
    INSERT = "INSERT INTO event (id, source_id, received_at, trust, delivery_id, status, reason, alerts, size, sealed, blob)
        SELECT r.value ->> 'id', r.value ->> 'source', CAST(r.value ->> 'at' AS BIGINT), r.value ->> 'trust',
               r.value ->> 'delivery', r.value ->> 'status', r.value ->> 'reason', 0, CAST(r.value ->> 'size' AS BIGINT),
               substr(CAST($2 AS BYTEA), CAST(r.value ->> 'from' AS INTEGER), CAST(r.value ->> 'length' AS INTEGER)), r.value ->> 'blob'
        FROM EACH($1) WHERE TRUE
        ON CONFLICT DO NOTHING
        RETURNING id, seq";
    KNOWN = "SELECT r.value ->> 'id' AS asked, e.id, e.seq
        FROM EACH($1) JOIN event e ON e.source_id = r.value ->> 'source' AND e.delivery_id = r.value ->> 'delivery'";
}

/// Bytes of a delivery id at most; a longer one is replaced by its hash, so that it fits into an index.
const DELIVERY_ID_BYTES: usize = 200;

/// Keeps events in the order given; answers in the same order.
pub(crate) async fn append<'e>(tx: &mut Tx, events: impl ExactSizeIterator<Item = &'e Prepared>) -> Result<Vec<Appended>, Error> {
    let mut pack = Vec::new();
    let mut json = Vec::with_capacity(events.len());
    let mut asked = Vec::with_capacity(events.len());
    for Prepared { event, sealed, blob } in events {
        let delivery = event.delivery_id.as_deref().map(bounded);
        json.push(json!({
            "id": event.id,
            "source": event.source,
            "at": micros(event.received_at),
            "trust": event.trust,
            "delivery": delivery,
            "status": event.status.as_str(),
            "reason": event.reason.as_deref().map(storable),
            "size": event.body.len(),
            "from": pack.len() + 1,
            "length": sealed.len(),
            "blob": blob,
        }));
        pack.extend_from_slice(sealed);
        asked.push((event, delivery));
    }
    let inserted = tx.fetch(&INSERT, vec![rows(json), Value::Blob(Some(pack))]).await?;
    let mut seqs = HashMap::with_capacity(inserted.len());
    for row in &inserted {
        seqs.insert(row.text("id")?, row.int("seq")?);
    }
    let known = if seqs.len() == asked.len() { HashMap::new() } else { known(tx, &asked, &seqs).await? };
    let mut answers = Vec::with_capacity(asked.len());
    for (event, _) in asked {
        let id = event.id.to_string();
        if let Some(seq) = seqs.get(&id) {
            tx.tally(&format!("events.kept.{}", event.source), 1);
            match event.status {
                Status::Pending => tx.tally(&format!("events.pending.{}", event.source), 1),
                Status::Quarantined => tx.tally(&format!("events.quarantined.{}", event.source), 1),
                Status::Processed => {}
            }
            answers.push(Appended { id: event.id, seq: *seq, duplicate: false });
        } else {
            answers.push(*known.get(&id).ok_or_else(|| Error::damaged("an event was neither kept nor known"))?);
        }
    }
    Ok(answers)
}

/// Finds the first events of deliveries that came again.
async fn known(
    tx: &mut Tx,
    asked: &[(&NewEvent, Option<String>)],
    seqs: &HashMap<String, i64>,
) -> Result<HashMap<String, Appended>, Error> {
    let lost = asked
        .iter()
        .filter(|(event, _)| !seqs.contains_key(&event.id.to_string()))
        .map(|(event, delivery)| json!({ "id": event.id, "source": event.source, "delivery": delivery }))
        .collect();
    let mut known = HashMap::new();
    for row in tx.fetch(&KNOWN, vec![rows(lost)]).await? {
        let id = row.text("id")?.parse().map_err(|_| Error::damaged("an event's id"))?;
        known.insert(row.text("asked")?, Appended { id, seq: row.int("seq")?, duplicate: true });
    }
    Ok(known)
}

fn bounded(delivery_id: &str) -> String {
    if delivery_id.len() > DELIVERY_ID_BYTES {
        return format!("sha256-{}", hex(&Sha256::digest(delivery_id.as_bytes())));
    }
    storable(delivery_id)
}
