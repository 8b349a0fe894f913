//! Idempotency keys: the same request again gets the first answer.

use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::keys::Place;
use crate::statements::statements;
use crate::{Error, Tx};

statements! {
    BEGIN = "INSERT INTO idempotency (actor, key, request, expires_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (actor, key) DO UPDATE SET request = excluded.request, status = NULL, sealed = NULL,
          expires_at = excluded.expires_at
        WHERE idempotency.expires_at <= $5 RETURNING key";
    GET = "SELECT request, status, sealed FROM idempotency WHERE actor = $1 AND key = $2";
    FINISH = "UPDATE idempotency SET status = $3, sealed = $4, expires_at = $5 WHERE actor = $1 AND key = $2";
    FORGET = "DELETE FROM idempotency WHERE actor = $1 AND key = $2 AND status IS NULL";
    EXPIRE = "DELETE FROM idempotency WHERE expires_at <= $1";
}

/// What is known of a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Begun {
    /// Never seen: go on, then [`finish`].
    New,
    /// The same request was answered before.
    Answered { status: u16, body: Vec<u8> },
    /// The same request is being worked on, or broke off.
    Running,
    /// Another request used the key.
    Different,
}

/// Takes a key for a request, by the hash of the request, until `expires_at`: the lease of a request that breaks off.
/// Keys are per actor, as text.
///
/// Best done in the same transaction as the change itself, with [`finish`]: then "running" is never seen.
///
/// # Errors
/// What the database answers.
pub async fn begin(tx: &mut Tx, actor: &str, key: &str, request: [u8; 32], expires_at: Timestamp) -> Result<Begun, Error> {
    let now = tx.now();
    if tx.first(&BEGIN, args![actor, key, request, expires_at, now]).await?.is_some() {
        return Ok(Begun::New);
    }
    let Some(row) = tx.first(&GET, args![actor, key]).await? else { return Err(Error::Conflict) };
    if row.blob("request")? != request {
        return Ok(Begun::Different);
    }
    match (row.opt_int("status")?, row.opt_blob("sealed")?) {
        (Some(status), Some(sealed)) => Ok(Begun::Answered {
            status: u16::try_from(status).unwrap_or(200),
            body: tx.open(&place(actor, key), &sealed).await?,
        }),
        _ => Ok(Begun::Running),
    }
}

/// Keeps the answer, sealed, until `expires_at`.
///
/// # Errors
/// What the database answers.
pub async fn finish(tx: &mut Tx, actor: &str, key: &str, status: u16, body: &[u8], expires_at: Timestamp) -> Result<(), Error> {
    let sealed = tx.seal(&place(actor, key), body).await?;
    tx.execute(&FINISH, args![actor, key, i64::from(status), sealed, expires_at]).await.map(drop)
}

/// Gives a key back whose request failed and changed nothing, so that it can be sent again.
///
/// # Errors
/// What the database answers.
pub async fn forget(tx: &mut Tx, actor: &str, key: &str) -> Result<(), Error> {
    tx.execute(&FORGET, args![actor, key]).await.map(drop)
}

/// Deletes what has expired. Returns how many.
///
/// # Errors
/// What the database answers.
pub async fn expire(tx: &mut Tx) -> Result<u64, Error> {
    let now = tx.now();
    tx.execute(&EXPIRE, args![now]).await
}

fn place<'a>(actor: &'a str, key: &'a str) -> Place<'a> {
    Place { table: "idempotency", row: actor, field: key, incident: None }
}
