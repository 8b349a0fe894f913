//! Failed guesses, in rows, so that a restart and another node know them.

use jiff::SignedDuration;
use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    // One statement, so that tries in parallel, also on two nodes, are counted one after the other.
    COUNT = "INSERT INTO guess (key, forgiven_at, failures, changed_at)
        VALUES ($1, CAST($2 AS BIGINT) + CAST($3 AS BIGINT), 1, $2)
        ON CONFLICT (key) DO UPDATE SET failures = guess.failures + 1, changed_at = excluded.changed_at,
          forgiven_at = CASE WHEN guess.forgiven_at > excluded.changed_at THEN guess.forgiven_at ELSE excluded.changed_at END
            + CAST($3 AS BIGINT)
        WHERE guess.failures < CAST($5 AS BIGINT) AND guess.forgiven_at + CAST($3 AS BIGINT) <= excluded.changed_at + CAST($4 AS BIGINT)
        RETURNING failures";
    GET = "SELECT forgiven_at, failures FROM guess WHERE key = $1";
    BACK = "UPDATE guess SET forgiven_at = forgiven_at - CAST($2 AS BIGINT), failures = failures - 1
        WHERE key = $1 AND failures > 0";
    DELETE = "DELETE FROM guess WHERE key = $1";
    EXPIRE = "DELETE FROM guess WHERE changed_at < $1";
}

/// How many failures are borne.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Patience {
    /// The time after which one failure is forgiven, as far as the rate goes.
    pub step: SignedDuration,
    /// How much may be unforgiven at once.
    pub window: SignedDuration,
    /// Failures since the last success, forgiven or not.
    pub failures: i64,
}

/// What is remembered of one account's or one network's failures.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Guesses {
    /// When all of them are forgiven, as far as the rate goes.
    pub forgiven_at: Timestamp,
    /// How many there were since the last success.
    pub failures: i64,
}

/// Counts a try as failed, before it is known whether it is; `false` if patience is at its end, and nothing is counted.
///
/// # Errors
/// What the database answers.
pub async fn count(tx: &mut Tx, key: [u8; 32], patience: Patience) -> Result<bool, Error> {
    let micros = |span: SignedDuration| i64::try_from(span.as_micros()).unwrap_or(i64::MAX / 4);
    let args = args![key, tx.now(), micros(patience.step), micros(patience.window), patience.failures];
    Ok(tx.first(&COUNT, args).await?.is_some())
}

/// Takes one count back.
///
/// # Errors
/// What the database answers.
pub async fn give_back(tx: &mut Tx, key: [u8; 32], step: SignedDuration) -> Result<(), Error> {
    let step = i64::try_from(step.as_micros()).unwrap_or(i64::MAX / 4);
    tx.execute(&BACK, args![key, step]).await.map(drop)
}

/// Returns what is remembered of a key.
///
/// # Errors
/// What the database answers.
pub async fn get(conn: &mut Conn, key: [u8; 32]) -> Result<Option<Guesses>, Error> {
    let Some(row) = conn.first(&GET, args![key]).await? else { return Ok(None) };
    Ok(Some(Guesses { forgiven_at: row.time("forgiven_at")?, failures: row.int("failures")? }))
}

/// Forgets. Returns `false` if nothing was remembered.
///
/// # Errors
/// What the database answers.
pub async fn forget(tx: &mut Tx, key: [u8; 32]) -> Result<bool, Error> {
    Ok(tx.execute(&DELETE, args![key]).await? > 0)
}

/// Forgets what has not changed since an instant. Returns how many.
///
/// # Errors
/// What the database answers.
pub async fn expire(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.execute(&EXPIRE, args![before]).await
}
