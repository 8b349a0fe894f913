//! What became of events.

use serde_json::json;
use watchfire_core::event::Status;
use watchfire_core::id::EventId;

use crate::args::{args, rows, storable};
use crate::statements::statements;
use crate::{Error, Tx};

statements! {
    SETTLE = "UPDATE event SET status = r.value ->> 'status', reason = r.value ->> 'reason', remark = r.value ->> 'remark',
          alerts = CAST(r.value ->> 'alerts' AS BIGINT)
        FROM EACH($1) WHERE event.seq = CAST(r.value ->> 'seq' AS BIGINT) AND event.status = 'pending'
        RETURNING event.seq, event.source_id, event.status";
    REQUEUE = "UPDATE event SET status = 'pending', reason = NULL WHERE id = $1 AND status = 'quarantined'
        RETURNING source_id";
}

/// What became of one pending event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settled {
    pub seq: i64,
    pub id: EventId,
    /// [`Status::Processed`], or [`Status::Quarantined`] with a reason.
    pub status: Status,
    pub reason: Option<String>,
    pub remark: Option<String>,
    /// How many alerts it spoke of.
    pub alerts: i64,
}

/// Notes what became of pending events; those that are pending no more stay as they are. Returns the numbers of those
/// that were settled now.
///
/// # Errors
/// What the database answers.
pub async fn settle(tx: &mut Tx, settled: &[Settled]) -> Result<Vec<i64>, Error> {
    if settled.is_empty() {
        return Ok(Vec::new());
    }
    let json = settled
        .iter()
        .map(|event| {
            json!({
                "seq": event.seq,
                "status": event.status.as_str(),
                "reason": event.reason.as_deref().map(storable),
                "remark": event.remark.as_deref().map(storable),
                "alerts": event.alerts,
            })
        })
        .collect();
    let mut seqs = Vec::with_capacity(settled.len());
    for row in tx.fetch(&SETTLE, vec![rows(json)]).await? {
        let source = row.text("source_id")?;
        tx.tally(&format!("events.pending.{source}"), -1);
        if row.text("status")? == Status::Quarantined.as_str() {
            tx.tally(&format!("events.quarantined.{source}"), 1);
        }
        seqs.push(row.int("seq")?);
    }
    Ok(seqs)
}

/// Takes an event out of quarantine, to be read again. Returns `false` if it is in none.
///
/// # Errors
/// What the database answers.
pub async fn requeue(tx: &mut Tx, id: EventId) -> Result<bool, Error> {
    let Some(row) = tx.first(&REQUEUE, args![id]).await? else { return Ok(false) };
    let source = row.text("source_id")?;
    tx.tally(&format!("events.pending.{source}"), 1);
    tx.tally(&format!("events.quarantined.{source}"), -1);
    Ok(true)
}
