//! The outbox: what must leave, written in the same transaction as the change that caused it.

use serde_json::Value;
use watchfire_core::id::{Id, IncidentId};
use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::keys::Place;
use crate::statements::statements;
use crate::{Conn, Error, Tx, random};

statements! {
    PUT = "INSERT INTO outbox (id, kind, sealed, incident_id, created_at, due_at, attempts, lease_until, epoch)
        VALUES ($1, $2, $3, $4, $5, $5, 0, 0, 0)";
    // Leases run on the database's time: nodes' clocks differ.
    CLAIM = "UPDATE outbox SET lease_until = DATABASE_NOW($1) + $3, epoch = epoch + 1, attempts = attempts + 1
        WHERE id IN (SELECT o.id FROM outbox o WHERE o.done_at IS NULL AND o.due_at <= $1
            AND o.lease_until <= DATABASE_NOW($1)
          ORDER BY o.due_at, o.id LIMIT $2 SKIP_LOCKED)
        RETURNING id, kind, sealed, incident_id, created_at, attempts, epoch";
    WAITS = "SELECT 1 AS waits FROM outbox WHERE done_at IS NULL AND due_at <= $1 LIMIT 1";
    DONE = "UPDATE outbox SET done_at = $3, lease_until = 0 WHERE id = $1 AND epoch = $2 AND done_at IS NULL";
    FAIL = "UPDATE outbox SET due_at = $3, last_error = $4, lease_until = 0 WHERE id = $1 AND epoch = $2 AND done_at IS NULL";
    PUT_BACK = "UPDATE outbox SET due_at = $3, lease_until = 0, attempts = attempts - 1
        WHERE id = $1 AND epoch = $2 AND done_at IS NULL";
    EXPIRE = "DELETE FROM outbox WHERE done_at < $1";
}

/// A message that this node has claimed.
#[derive(Clone, PartialEq, Debug)]
pub struct Message {
    pub id: Id<Message>,
    pub kind: String,
    pub incident: Option<IncidentId>,
    pub body: Value,
    pub created_at: Timestamp,
    /// This attempt's number, from 1.
    pub attempts: i64,
    /// Counts claims; [`done`] and [`fail`] with an older one do nothing.
    pub epoch: i64,
}

/// Puts a message out; its body is sealed, under the incident's key if there is one.
///
/// # Errors
/// What the database answers.
pub async fn put(tx: &mut Tx, kind: &str, incident: Option<IncidentId>, body: &Value) -> Result<Id<Message>, Error> {
    let now = tx.now();
    let id: Id<Message> = random::id(now)?;
    let sealed = tx.seal(&place(&id.to_string(), incident), body.to_string().as_bytes()).await?;
    tx.execute(&PUT, args![id, kind, sealed, incident, now]).await?;
    Ok(id)
}

/// Tells whether anything is due; cheaper than claiming.
///
/// # Errors
/// What the database answers.
pub async fn waits(conn: &mut Conn, now: Timestamp) -> Result<bool, Error> {
    Ok(conn.first(&WAITS, args![now]).await?.is_some())
}

/// Claims messages that are due, oldest first; those that another node has claimed are left out. A message whose key
/// was erased is given out with a null body, to be ended.
///
/// # Errors
/// What the database answers.
pub async fn claim(tx: &mut Tx, limit: usize, lease: std::time::Duration) -> Result<Vec<Message>, Error> {
    let now = tx.now();
    let lease = i64::try_from(lease.as_micros()).unwrap_or(i64::MAX / 4);
    let rows = tx.fetch(&CLAIM, args![now, limit, lease]).await?;
    let mut messages = Vec::with_capacity(rows.len());
    for row in &rows {
        let incident = row.opt_id("incident_id")?;
        let body = tx.open_text(&place(&row.text("id")?, incident), &row.blob("sealed")?).await?;
        messages.push(Message {
            id: row.id("id")?,
            kind: row.text("kind")?,
            incident,
            body: body.and_then(|body| serde_json::from_str(&body).ok()).unwrap_or(Value::Null),
            created_at: row.time("created_at")?,
            attempts: row.int("attempts")?,
            epoch: row.int("epoch")?,
        });
    }
    messages.sort_by_key(|message| message.id);
    Ok(messages)
}

/// Ends a message that left. Returns `false` if the claim was lost.
///
/// # Errors
/// What the database answers.
pub async fn done(tx: &mut Tx, message: &Message) -> Result<bool, Error> {
    let now = tx.now();
    Ok(tx.execute(&DONE, args![message.id, message.epoch, now]).await? > 0)
}

/// Puts a message that did not leave back, to be tried again at an instant. The reason must hold no secret. Returns
/// `false` if the claim was lost.
///
/// # Errors
/// What the database answers.
pub async fn fail(tx: &mut Tx, message: &Message, again_at: Timestamp, reason: &str) -> Result<bool, Error> {
    Ok(tx.execute(&FAIL, args![message.id, message.epoch, again_at, reason]).await? > 0)
}

/// Puts a message that was claimed and not tried back, to be claimed again from an instant on; the claim counts as no
/// attempt. Returns `false` if the claim was lost.
///
/// # Errors
/// What the database answers.
pub async fn put_back(tx: &mut Tx, message: &Message, again_at: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(&PUT_BACK, args![message.id, message.epoch, again_at]).await? > 0)
}

/// Deletes messages that left before an instant. Returns how many.
///
/// # Errors
/// What the database answers.
pub async fn expire(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.execute(&EXPIRE, args![before]).await
}

fn place(id: &str, incident: Option<IncidentId>) -> Place<'_> {
    Place { table: "outbox", row: id, field: "sealed", incident }
}
