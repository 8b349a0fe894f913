//! Timers are rows: whatever is due later survives a restart.

use serde_json::Value;
use watchfire_core::id::Id;
use watchfire_core::time::{Timestamp, micros};

use crate::args::args;
use crate::statements::statements;
use crate::{Error, Tx, random};

statements! {
    PUT = "INSERT INTO timer (id, due_at, kind, subject, body, lease_until, epoch) VALUES ($1, $2, $3, $4, $5, 0, 0)
        ON CONFLICT (kind, subject) DO UPDATE SET due_at = excluded.due_at, body = excluded.body, lease_until = 0,
          epoch = timer.epoch + 1";
    ENSURE = "INSERT INTO timer (id, due_at, kind, subject, body, lease_until, epoch) VALUES ($1, $2, $3, $4, $5, 0, 0)
        ON CONFLICT (kind, subject) DO NOTHING";
    // Leases run on the database's time: nodes' clocks differ.
    CLAIM = "UPDATE timer SET lease_until = DATABASE_NOW($1) + $3, epoch = epoch + 1
        WHERE id IN (SELECT t.id FROM timer t WHERE t.due_at <= $1 AND t.lease_until <= DATABASE_NOW($1)
          ORDER BY t.due_at, t.id LIMIT $2 SKIP_LOCKED)
        RETURNING id, due_at, kind, subject, body, epoch";
    DONE = "DELETE FROM timer WHERE id = $1 AND epoch = $2";
    CANCEL = "DELETE FROM timer WHERE kind = $1 AND subject = $2";
    NEXT = "SELECT MIN(due_at) AS due_at FROM timer";
}

/// A timer that is due and that this node has claimed.
#[derive(Clone, PartialEq, Debug)]
pub struct Timer {
    pub id: Id<Timer>,
    pub due_at: Timestamp,
    pub kind: String,
    pub subject: String,
    pub body: Value,
    /// Counts claims; [`done`] with an older one does nothing.
    pub epoch: i64,
}

/// How long a claim holds.
const LEASE_MICROS: i64 = 30_000_000;

/// Sets a timer; another one of the same kind and subject is replaced.
///
/// # Errors
/// What the database answers.
pub async fn put(tx: &mut Tx, due_at: Timestamp, kind: &str, subject: &str, body: &Value) -> Result<(), Error> {
    let id: Id<Timer> = random::id(tx.now())?;
    tx.execute(&PUT, args![id, micros(due_at), kind, subject, body.to_string()]).await.map(drop)
}

/// As [`put`], but one that is there stays as it is.
///
/// # Errors
/// What the database answers.
pub async fn ensure(tx: &mut Tx, due_at: Timestamp, kind: &str, subject: &str, body: &Value) -> Result<(), Error> {
    let id: Id<Timer> = random::id(tx.now())?;
    tx.execute(&ENSURE, args![id, micros(due_at), kind, subject, body.to_string()]).await.map(drop)
}

/// Claims timers that are due, oldest first, those of one instant by kind and subject, for 30 seconds; those that another node has
/// claimed are left out.
///
/// # Errors
/// What the database answers.
pub async fn due(tx: &mut Tx, now: Timestamp, limit: usize) -> Result<Vec<Timer>, Error> {
    let rows = tx.fetch(&CLAIM, args![now, limit, LEASE_MICROS]).await?;
    let mut timers = rows
        .iter()
        .map(|row| {
            Ok(Timer {
                id: row.id("id")?,
                due_at: row.time("due_at")?,
                kind: row.text("kind")?,
                subject: row.text("subject")?,
                body: row.json("body")?,
                epoch: row.int("epoch")?,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    // Ids of timers are random within an instant; subjects that came to be earlier have the smaller id.
    timers.sort_by(|a, b| (a.due_at, &a.kind, &a.subject).cmp(&(b.due_at, &b.kind, &b.subject)));
    Ok(timers)
}

/// Ends a timer that was claimed, in the transaction that does what it was for. Returns `false` if the claim was lost: then
/// the transaction must not do it.
///
/// # Errors
/// What the database answers.
pub async fn done(tx: &mut Tx, timer: &Timer) -> Result<bool, Error> {
    Ok(tx.execute(&DONE, args![timer.id, timer.epoch]).await? > 0)
}

/// Takes a timer back. Returns `false` if there is none.
///
/// # Errors
/// What the database answers.
pub async fn cancel(tx: &mut Tx, kind: &str, subject: &str) -> Result<bool, Error> {
    Ok(tx.execute(&CANCEL, args![kind, subject]).await? > 0)
}

/// Returns when the next timer is due, claimed or not.
///
/// # Errors
/// What the database answers.
pub async fn next(conn: &mut crate::Conn) -> Result<Option<Timestamp>, Error> {
    conn.first(&NEXT, Vec::new()).await?.map_or(Ok(None), |row| row.opt_time("due_at"))
}
