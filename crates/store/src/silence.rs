//! Silences: alerts that match raise nothing for a while.

use serde_json::Value;
use watchfire_core::access::Scope;
use watchfire_core::id::AlertId;
use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::db::Row;
use crate::statements::{Query, statements};
use crate::{Conn, Error, Tx, scoped};

statements! {
    INSERT = "INSERT INTO silence (id, matcher, reason, created_by, starts_at, ends_at, alert_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    ACTIVE = "SELECT * FROM silence WHERE ends_at > $1 AND starts_at <= $1 ORDER BY starts_at, id LIMIT 1000";
    SHOWN = "SELECT s.* FROM silence s WHERE s.ends_at > $1 AND s.starts_at <= $1";
    END = "UPDATE silence SET ends_at = $2 WHERE id = $1 AND ends_at > $2";
}

/// A silence. Matcher and reason stand in the clear: they are configuration.
#[derive(Clone, PartialEq, Debug)]
pub struct Silence {
    /// A UUID in text.
    pub id: String,
    /// What it matches, in the engine's own form.
    pub matcher: Value,
    pub reason: String,
    pub by: String,
    pub from: Timestamp,
    pub until: Timestamp,
    /// The alert that it was made for: whoever may not see that one may not see this either.
    pub alert: Option<AlertId>,
}

/// Stores a new silence.
///
/// # Errors
/// What the database answers.
pub async fn insert(tx: &mut Tx, silence: &Silence) -> Result<(), Error> {
    let args =
        args![&silence.id, silence.matcher.to_string(), &silence.reason, &silence.by, silence.from, silence.until, silence.alert];
    tx.execute(&INSERT, args).await.map(drop)
}

/// Returns the silences in force at an instant, for triage.
///
/// # Errors
/// What the database answers.
pub async fn list_active(conn: &mut Conn, now: Timestamp) -> Result<Vec<Silence>, Error> {
    conn.fetch(&ACTIVE, args![now]).await?.iter().map(silence).collect()
}

/// Returns the silences in force at an instant that the scope shows.
///
/// # Errors
/// What the database answers.
pub async fn list(conn: &mut Conn, scope: &Scope, now: Timestamp) -> Result<Vec<Silence>, Error> {
    let query = scoped::silences(Query::new(SHOWN.text).bound(now), scope).ending("ORDER BY s.starts_at, s.id", 1_000);
    conn.query(query).await?.iter().map(silence).collect()
}

/// Ends a silence now. Returns `false` if there is none or it is over.
///
/// # Errors
/// What the database answers.
pub async fn end(tx: &mut Tx, id: &str, at: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(&END, args![id, at]).await? > 0)
}

fn silence(row: &Row) -> Result<Silence, Error> {
    Ok(Silence {
        id: row.text("id")?,
        matcher: row.json("matcher")?,
        reason: row.text("reason")?,
        by: row.text("created_by")?,
        from: row.time("starts_at")?,
        until: row.time("ends_at")?,
        alert: row.opt_id("alert_id")?,
    })
}
