//! Swaps: one person offers two spans to another, who accepts or declines.

use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::db::Row;
use crate::keys::Place;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    INSERT = "INSERT INTO oncall_swap (id, schedule, offered_by, offered_to, give_from, give_until, take_from, take_until,
        sealed, state, offered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    LIST = "SELECT * FROM oncall_swap WHERE state = 'offered' OR settled_at > $1 ORDER BY id DESC LIMIT 500";
    GET = "SELECT * FROM oncall_swap WHERE id = $1";
    SETTLE = "UPDATE oncall_swap SET state = $2, settled_at = $3 WHERE id = $1 AND state = 'offered'";
}

/// How far two people have come with a swap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SwapState {
    Offered,
    Accepted,
    Declined,
    /// Taken back by who offered it.
    Withdrawn,
}

impl SwapState {
    const ALL: [Self; 4] = [Self::Offered, Self::Accepted, Self::Declined, Self::Withdrawn];

    /// Returns the word that the API and the store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A swap as kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Swap {
    /// A UUID in text.
    pub id: String,
    pub schedule: String,
    pub offered_by: String,
    pub offered_to: String,
    /// What the offerer gives away.
    pub give: (Timestamp, Timestamp),
    /// What the offerer takes for it.
    pub take: (Timestamp, Timestamp),
    pub reason: String,
    pub state: SwapState,
    pub offered_at: Timestamp,
    pub settled_at: Option<Timestamp>,
}

/// Stores a new offer.
///
/// # Errors
/// What the database answers.
pub async fn insert_swap(tx: &mut Tx, swap: &Swap) -> Result<(), Error> {
    let sealed = tx.seal(&place(&swap.id), swap.reason.as_bytes()).await?;
    let args = args![
        &swap.id,
        &swap.schedule,
        &swap.offered_by,
        &swap.offered_to,
        swap.give.0,
        swap.give.1,
        swap.take.0,
        swap.take.1,
        sealed,
        swap.state.as_str(),
        swap.offered_at,
    ];
    tx.execute(&INSERT, args).await.map(drop)
}

/// Returns the swaps that are offered, and those that were settled after an instant, the newest first.
///
/// # Errors
/// What the database answers.
pub async fn list_swaps(conn: &mut Conn, settled_after: Timestamp) -> Result<Vec<Swap>, Error> {
    let rows = conn.fetch(&LIST, args![settled_after]).await?;
    let mut swaps = Vec::with_capacity(rows.len());
    for row in &rows {
        swaps.push(read(conn, row).await?);
    }
    Ok(swaps)
}

/// Returns a swap.
///
/// # Errors
/// What the database answers.
pub async fn swap_by_id(conn: &mut Conn, id: &str) -> Result<Option<Swap>, Error> {
    match conn.first(&GET, args![id]).await? {
        Some(row) => read(conn, &row).await.map(Some),
        None => Ok(None),
    }
}

/// Ends an offer in one way or another. Returns `false` if it is not offered any more.
///
/// # Errors
/// What the database answers.
pub async fn settle(tx: &mut Tx, id: &str, state: SwapState, at: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(&SETTLE, args![id, state.as_str(), at]).await? > 0)
}

async fn read(conn: &mut Conn, row: &Row) -> Result<Swap, Error> {
    let id = row.text("id")?;
    let reason = conn.open_text(&place(&id), &row.blob("sealed")?).await?;
    Ok(Swap {
        schedule: row.text("schedule")?,
        offered_by: row.text("offered_by")?,
        offered_to: row.text("offered_to")?,
        give: (row.time("give_from")?, row.time("give_until")?),
        take: (row.time("take_from")?, row.time("take_until")?),
        reason: reason.unwrap_or_else(|| "(erased)".to_owned()),
        state: row.word("state", SwapState::parse)?,
        offered_at: row.time("offered_at")?,
        settled_at: row.opt_time("settled_at")?,
        id,
    })
}

fn place(id: &str) -> Place<'_> {
    Place { table: "oncall_swap", row: id, field: "sealed", incident: None }
}
