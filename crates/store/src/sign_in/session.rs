//! What a person sees and proves of their sessions.

use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    DESCRIBE = "UPDATE session SET id = $2, proved_at = $3, means = $4, device = $5 WHERE hash = $1";
    PROVED = "UPDATE session SET proved_at = $2 WHERE hash = $1 AND actor_kind = 'person' AND actor_id = $3";
    OF = "SELECT * FROM session WHERE actor_kind = 'person' AND actor_id = $1 AND kind = 'session' AND expires_at > $2
        AND id IS NOT NULL ORDER BY seen_at DESC, id LIMIT 200";
    END_ONE = "DELETE FROM session WHERE id = $1 AND actor_kind = 'person' AND actor_id = $2";
    END_OTHERS = "DELETE FROM session WHERE actor_kind = 'person' AND actor_id = $1 AND kind = 'session' AND hash <> $2";
    MOVE = "UPDATE session SET hash = $2 WHERE hash = $1 AND kind = 'session'";
}

/// A session as its person sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionOf {
    pub id: String,
    pub hash: Vec<u8>,
    /// How it was opened.
    pub means: String,
    /// What the browser calls itself.
    pub device: String,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Says of a session just stored how it was opened and from where; opening one is a proof.
///
/// # Errors
/// What the database answers.
pub async fn describe(tx: &mut Tx, hash: [u8; 32], id: &str, means: &str, device: &str) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(&DESCRIBE, args![hash, id, now, means, device]).await.map(drop)
}

/// Notes that the person behind their own session has proved who they are. Returns `false` if it is not theirs.
///
/// # Errors
/// What the database answers.
pub async fn proved(tx: &mut Tx, hash: [u8; 32], login: &str) -> Result<bool, Error> {
    let now = tx.now();
    Ok(tx.execute(&PROVED, args![hash, now, login]).await? > 0)
}

/// Returns somebody's sessions, last used first.
///
/// # Errors
/// What the database answers.
pub async fn of(conn: &mut Conn, login: &str, now: Timestamp) -> Result<Vec<SessionOf>, Error> {
    let rows = conn.fetch(&OF, args![login, now]).await?;
    let session = |row: &crate::db::Row| {
        Ok(SessionOf {
            id: row.text("id")?,
            hash: row.blob("hash")?,
            means: row.opt_text("means")?.unwrap_or_default(),
            device: row.opt_text("device")?.unwrap_or_default(),
            created_at: row.time("created_at")?,
            seen_at: row.time("seen_at")?,
            expires_at: row.time("expires_at")?,
        })
    };
    rows.iter().map(session).collect()
}

/// Ends one of somebody's sessions. Returns `false` if there is none.
///
/// # Errors
/// What the database answers.
pub async fn end(tx: &mut Tx, login: &str, id: &str) -> Result<bool, Error> {
    Ok(tx.execute(&END_ONE, args![id, login]).await? > 0)
}

/// Ends all of somebody's sessions but one. Returns how many.
///
/// # Errors
/// What the database answers.
pub async fn end_others(tx: &mut Tx, login: &str, but: [u8; 32]) -> Result<u64, Error> {
    tx.execute(&END_OTHERS, args![login, but]).await
}

/// Gives a session another secret; the one before is worth nothing from then on. Returns `false` if there is none.
///
/// # Errors
/// What the database answers.
pub async fn rotate(tx: &mut Tx, from: [u8; 32], to: [u8; 32]) -> Result<bool, Error> {
    Ok(tx.execute(&MOVE, args![from, to]).await? > 0)
}
