//! Overrides: somebody takes over for a while. None is ever deleted.

use watchfire_core::oncall::Override;
use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::db::Row;
use crate::keys::Place;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    INSERT = "INSERT INTO oncall_override (id, schedule, login, instead_of, starts_at, ends_at, sealed, made_by, made_at, swap_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    // The newest win if there are more than the limit.
    SPAN = "SELECT * FROM oncall_override WHERE ends_at > $1 AND starts_at < $2 ORDER BY made_at DESC, id DESC LIMIT 5000";
    GET = "SELECT * FROM oncall_override WHERE id = $1";
    OF_SWAP = "SELECT * FROM oncall_override WHERE swap_id = $1 ORDER BY id LIMIT 10";
    END = "UPDATE oncall_override SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL AND ends_at > $2";
}

/// An override as kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OverrideRow {
    /// A UUID in text.
    pub id: String,
    pub schedule: String,
    /// Who takes over.
    pub login: String,
    /// Whose place they take; `None` takes everybody's.
    pub instead_of: Option<String>,
    pub from: Timestamp,
    /// When it was to end.
    pub until: Timestamp,
    pub reason: String,
    pub made_by: String,
    pub made_at: Timestamp,
    /// The swap of which it is half.
    pub swap: Option<String>,
    /// When somebody ended it before its time.
    pub ended_at: Option<Timestamp>,
    pub ended_by: Option<String>,
}

impl OverrideRow {
    /// Returns the instant from which on it counts no more; at or before its beginning it never counted.
    pub fn counts_until(&self) -> Timestamp {
        self.ended_at.map_or(self.until, |ended| ended.min(self.until))
    }

    /// Returns what it changes; `None` if it was ended before it began.
    pub fn change(&self) -> Option<Override> {
        (self.counts_until() > self.from).then(|| Override {
            id: self.id.clone(),
            login: self.login.clone(),
            instead_of: self.instead_of.clone(),
            from: self.from,
            until: self.counts_until(),
            is_swap: self.swap.is_some(),
        })
    }
}

/// Stores a new override.
///
/// # Errors
/// What the database answers.
pub async fn insert(tx: &mut Tx, row: &OverrideRow) -> Result<(), Error> {
    let sealed = tx.seal(&place(&row.id), row.reason.as_bytes()).await?;
    let args = args![
        &row.id,
        &row.schedule,
        &row.login,
        row.instead_of.as_deref(),
        row.from,
        row.until,
        sealed,
        &row.made_by,
        row.made_at,
        row.swap.as_deref(),
    ];
    tx.execute(&INSERT, args).await.map(drop)
}

/// Returns the overrides that reach into a span, of all schedules, in the order in which they were made.
///
/// # Errors
/// What the database answers.
pub async fn list(conn: &mut Conn, from: Timestamp, until: Timestamp) -> Result<Vec<OverrideRow>, Error> {
    let rows = conn.fetch(&SPAN, args![from, until]).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows.iter().rev() {
        found.push(read(conn, row).await?);
    }
    Ok(found)
}

/// Returns an override.
///
/// # Errors
/// What the database answers.
pub async fn override_by_id(conn: &mut Conn, id: &str) -> Result<Option<OverrideRow>, Error> {
    match conn.first(&GET, args![id]).await? {
        Some(row) => read(conn, &row).await.map(Some),
        None => Ok(None),
    }
}

/// Returns both halves of a swap.
///
/// # Errors
/// What the database answers.
pub async fn of_swap(conn: &mut Conn, swap: &str) -> Result<Vec<OverrideRow>, Error> {
    let rows = conn.fetch(&OF_SWAP, args![swap]).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        found.push(read(conn, row).await?);
    }
    Ok(found)
}

/// Ends an override before its time. Returns `false` if there is none, it was ended or it is over.
///
/// # Errors
/// What the database answers.
pub async fn end(tx: &mut Tx, id: &str, at: Timestamp, by: &str) -> Result<bool, Error> {
    Ok(tx.execute(&END, args![id, at, by]).await? > 0)
}

async fn read(conn: &mut Conn, row: &Row) -> Result<OverrideRow, Error> {
    let id = row.text("id")?;
    let reason = conn.open_text(&place(&id), &row.blob("sealed")?).await?;
    Ok(OverrideRow {
        schedule: row.text("schedule")?,
        login: row.text("login")?,
        instead_of: row.opt_text("instead_of")?,
        from: row.time("starts_at")?,
        until: row.time("ends_at")?,
        reason: reason.unwrap_or_else(|| "(erased)".to_owned()),
        made_by: row.text("made_by")?,
        made_at: row.time("made_at")?,
        swap: row.opt_text("swap_id")?,
        ended_at: row.opt_time("ended_at")?,
        ended_by: row.opt_text("ended_by")?,
        id,
    })
}

fn place(id: &str) -> Place<'_> {
    Place { table: "oncall_override", row: id, field: "sealed", incident: None }
}
