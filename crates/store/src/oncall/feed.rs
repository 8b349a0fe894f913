//! Calendar feeds: only the hash of an address's secret part is kept.

use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::db::Row;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    INSERT = "INSERT INTO oncall_feed (id, hash, schedule, login, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6)";
    BY_HASH = "SELECT * FROM oncall_feed WHERE hash = $1 AND revoked_at IS NULL";
    LIST = "SELECT * FROM oncall_feed WHERE revoked_at IS NULL ORDER BY id DESC LIMIT 5000";
    REVOKE = "UPDATE oncall_feed SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    TOUCH = "UPDATE oncall_feed SET read_at = $2 WHERE id = $1 AND COALESCE(read_at, 0) < $2";
}

/// A feed as kept: of a schedule, or else of a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Feed {
    /// A UUID in text.
    pub id: String,
    pub schedule: Option<String>,
    pub login: Option<String>,
    /// By whose right it is read.
    pub made_by: String,
    pub made_at: Timestamp,
    pub read_at: Option<Timestamp>,
}

/// Stores a new feed under the hash of its secret, see [`watchfire_core::token::hash`].
///
/// # Errors
/// What the database answers.
pub async fn insert(tx: &mut Tx, feed: &Feed, hash: [u8; 32]) -> Result<(), Error> {
    let args = args![&feed.id, hash, feed.schedule.as_deref(), feed.login.as_deref(), &feed.made_by, feed.made_at];
    tx.execute(&INSERT, args).await.map(drop)
}

/// Returns the feed with this hash unless it was revoked.
///
/// # Errors
/// What the database answers.
pub async fn by_hash(conn: &mut Conn, hash: [u8; 32]) -> Result<Option<Feed>, Error> {
    conn.first(&BY_HASH, args![hash]).await?.as_ref().map(feed).transpose()
}

/// Returns the feeds that can be read, the newest first.
///
/// # Errors
/// What the database answers.
pub async fn list(conn: &mut Conn) -> Result<Vec<Feed>, Error> {
    conn.fetch(&LIST, Vec::new()).await?.iter().map(feed).collect()
}

/// Revokes a feed. Returns `false` if there is none or it was revoked before.
///
/// # Errors
/// What the database answers.
pub async fn revoke(tx: &mut Tx, id: &str, at: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(&REVOKE, args![id, at]).await? > 0)
}

/// Notes that a feed was read. Callers do this once in a while, not for every request.
///
/// # Errors
/// What the database answers.
pub async fn touch(tx: &mut Tx, id: &str, at: Timestamp) -> Result<(), Error> {
    tx.execute(&TOUCH, args![id, at]).await.map(drop)
}

fn feed(row: &Row) -> Result<Feed, Error> {
    Ok(Feed {
        id: row.text("id")?,
        schedule: row.opt_text("schedule")?,
        login: row.opt_text("login")?,
        made_by: row.text("made_by")?,
        made_at: row.time("made_at")?,
        read_at: row.opt_time("read_at")?,
    })
}
