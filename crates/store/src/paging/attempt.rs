//! Attempts: each time that somebody is told through one contact.

use serde::{Deserialize, Serialize};
use watchfire_core::escalation::Place as Standing;
use watchfire_core::id::{AttemptId, ContactId, IncidentId, PageId};
use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::db::Row;
use crate::keys::Place;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    INSERT = "INSERT INTO page_attempt (id, page_id, incident_id, login, place, times, contact_id, channel, key, status, tries,
          sealed, night, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        ON CONFLICT (key) DO NOTHING";
    SAVE = "UPDATE page_attempt SET status = $2, tries = $3, sealed = $4, changed_at = $5 WHERE id = $1";
    BY_KEY = "SELECT * FROM page_attempt WHERE key = $1";
    OF_PAGE = "SELECT * FROM page_attempt WHERE page_id = $1 ORDER BY created_at, login, id LIMIT 1000";
}

/// What is known of an attempt.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum AttemptStatus {
    /// It is yet to leave, or to leave again.
    Waiting,
    /// The channel has taken it.
    Sent,
    /// The channel will not take it.
    Refused,
    /// It may have left: the answer never came.
    Unknown,
}

impl AttemptStatus {
    /// Returns the word that the API and the store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Waiting, Self::Sent, Self::Refused, Self::Unknown].into_iter().find(|status| status.as_str() == word)
    }
}

/// One telling of one person through one contact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attempt {
    pub id: AttemptId,
    pub page: PageId,
    pub incident: IncidentId,
    pub person: String,
    pub place: Standing,
    /// Which telling of the person it belongs to, from 1.
    pub times: u32,
    /// `None` is the console, which needs no contact.
    pub contact: Option<ContactId>,
    /// The name of the channel, as it was then.
    pub channel: String,
    /// The same key again is the same message.
    pub key: String,
    pub status: AttemptStatus,
    /// How often it was handed to the channel.
    pub tries: i64,
    /// What the other side said last; empty while nothing was said.
    pub reply: String,
    /// Where it went, as it was then.
    pub address: String,
    /// It was night where the person is.
    pub night: bool,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

#[derive(Serialize, Deserialize, Default)]
struct Words {
    reply: String,
    address: String,
}

/// Stores a new attempt. Returns `false` if one has its key already: then nothing is to be sent.
///
/// # Errors
/// What the database answers.
pub async fn add_attempt(tx: &mut Tx, attempt: &Attempt) -> Result<bool, Error> {
    let sealed = seal(tx, attempt).await?;
    let place = serde_json::to_string(&attempt.place).map_err(Error::damaged)?;
    let args = args![
        attempt.id,
        attempt.page,
        attempt.incident,
        &attempt.person,
        place,
        i64::from(attempt.times),
        attempt.contact,
        &attempt.channel,
        &attempt.key,
        attempt.status.as_str(),
        attempt.tries,
        sealed,
        attempt.night,
        attempt.created_at,
        attempt.changed_at
    ];
    Ok(tx.execute(&INSERT, args).await? > 0)
}

/// Saves what became of an attempt.
///
/// # Errors
/// What the database answers.
pub async fn save_attempt(tx: &mut Tx, attempt: &Attempt) -> Result<(), Error> {
    let sealed = seal(tx, attempt).await?;
    let args = args![attempt.id, attempt.status.as_str(), attempt.tries, sealed, attempt.changed_at];
    tx.execute(&SAVE, args).await.map(drop)
}

/// Returns the attempt of a key.
///
/// # Errors
/// What the database answers.
pub async fn attempt_by_key(conn: &mut Conn, key: &str) -> Result<Option<Attempt>, Error> {
    match conn.first(&BY_KEY, args![key]).await? {
        Some(row) => read(conn, &row).await.map(Some),
        None => Ok(None),
    }
}

/// Returns a page's attempts, the oldest first.
///
/// # Errors
/// What the database answers.
pub async fn attempts(conn: &mut Conn, page: PageId) -> Result<Vec<Attempt>, Error> {
    let rows = conn.fetch(&OF_PAGE, args![page]).await?;
    let mut attempts = Vec::with_capacity(rows.len());
    for row in &rows {
        attempts.push(read(conn, row).await?);
    }
    Ok(attempts)
}

async fn seal(tx: &mut Tx, attempt: &Attempt) -> Result<Vec<u8>, Error> {
    let words = Words { reply: attempt.reply.clone(), address: attempt.address.clone() };
    let plain = serde_json::to_vec(&words).map_err(Error::damaged)?;
    tx.seal(&place(&attempt.id.to_string(), attempt.incident), &plain).await
}

async fn read(conn: &mut Conn, row: &Row) -> Result<Attempt, Error> {
    let incident = row.id("incident_id")?;
    let words = conn.open_text(&place(&row.text("id")?, incident), &row.blob("sealed")?).await?;
    let words: Words = words.and_then(|words| serde_json::from_str(&words).ok()).unwrap_or_default();
    Ok(Attempt {
        id: row.id("id")?,
        page: row.id("page_id")?,
        incident,
        person: row.text("login")?,
        place: row.json("place")?,
        times: u32::try_from(row.int("times")?).unwrap_or(u32::MAX),
        contact: row.opt_id("contact_id")?,
        channel: row.text("channel")?,
        key: row.text("key")?,
        status: row.word("status", AttemptStatus::parse)?,
        tries: row.int("tries")?,
        reply: words.reply,
        address: words.address,
        night: row.bool("night")?,
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
    })
}

fn place(row: &str, incident: IncidentId) -> Place<'_> {
    Place { table: "page_attempt", row, field: "sealed", incident: Some(incident) }
}
