//! Browser sessions and one-time sign-in links: only their hashes are kept.

use watchfire_core::access::Role;
use watchfire_core::actor::Actor;
use watchfire_core::id::TokenId;
use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::db::Row;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    INSERT = "INSERT INTO session (hash, kind, role, actor_kind, actor_id, created_at, expires_at, seen_at, token_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    BY_HASH = "SELECT * FROM session WHERE hash = $1 AND kind = 'session' AND expires_at > $2";
    REDEEM = "DELETE FROM session WHERE hash = $1 AND kind = 'link' AND expires_at > $2 RETURNING *";
    PEEK = "SELECT * FROM session WHERE hash = $1 AND kind = 'link' AND expires_at > $2";
    TOUCH = "UPDATE session SET seen_at = $2 WHERE hash = $1 AND seen_at < $2";
    DELETE = "DELETE FROM session WHERE hash = $1";
    DELETE_OF = "DELETE FROM session WHERE actor_kind = $1 AND actor_id = $2";
    DELETE_ALL = "DELETE FROM session";
    EXPIRE = "DELETE FROM session WHERE expires_at <= $1";
}

/// A session or a sign-in link as kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    pub role: Role,
    pub actor: Actor,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// When it was last used, as far as noted.
    pub seen_at: Timestamp,
    /// When the person behind it last proved who they are; kept by [`crate::sign_in`].
    pub proved_at: Option<Timestamp>,
    /// The token that it was opened with: it ends with it and reaches no further.
    pub token: Option<TokenId>,
}

/// Whether it is a session or a link that becomes one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Session,
    Link,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Link => "link",
        }
    }
}

impl Session {
    /// A session of somebody that begins now.
    pub fn new(role: Role, actor: Actor, created_at: Timestamp, expires_at: Timestamp) -> Self {
        Self { role, actor, created_at, expires_at, seen_at: created_at, proved_at: None, token: None }
    }
}

/// Stores a new session or link under its hash, see [`watchfire_core::token::hash`].
///
/// # Errors
/// What the database answers.
pub async fn insert(tx: &mut Tx, kind: Kind, hash: [u8; 32], session: &Session) -> Result<(), Error> {
    let args = args![
        hash,
        kind.as_str(),
        session.role.as_str(),
        session.actor.kind(),
        session.actor.id(),
        session.created_at,
        session.expires_at,
        session.seen_at,
        session.token,
    ];
    tx.execute(&INSERT, args).await.map(drop)
}

/// Returns the session with this hash, unless it has expired.
///
/// # Errors
/// What the database answers.
pub async fn by_hash(conn: &mut Conn, hash: [u8; 32], now: Timestamp) -> Result<Option<Session>, Error> {
    conn.first(&BY_HASH, args![hash, now]).await?.as_ref().map(session).transpose()
}

/// Tells whether a link is still good, without using it up: for the page that asks before signing in.
///
/// # Errors
/// What the database answers.
pub async fn peek(conn: &mut Conn, hash: [u8; 32], now: Timestamp) -> Result<bool, Error> {
    Ok(conn.first(&PEEK, args![hash, now]).await?.is_some())
}

/// Uses a link up and returns what it stood for; `None` if it was used before, has expired or never was.
///
/// # Errors
/// What the database answers.
pub async fn redeem(tx: &mut Tx, hash: [u8; 32]) -> Result<Option<Session>, Error> {
    let now = tx.now();
    tx.first(&REDEEM, args![hash, now]).await?.as_ref().map(session).transpose()
}

/// Notes that a session was used. Callers do this once in a while, not for every request.
///
/// # Errors
/// What the database answers.
pub async fn touch(tx: &mut Tx, hash: [u8; 32], at: Timestamp) -> Result<(), Error> {
    tx.execute(&TOUCH, args![hash, at]).await.map(drop)
}

/// Ends a session. Returns `false` if there is none.
///
/// # Errors
/// What the database answers.
pub async fn delete(tx: &mut Tx, hash: [u8; 32]) -> Result<bool, Error> {
    Ok(tx.execute(&DELETE, args![hash]).await? > 0)
}

/// Ends all sessions and links of somebody. Returns how many.
///
/// # Errors
/// What the database answers.
pub async fn delete_of(tx: &mut Tx, actor: &Actor) -> Result<u64, Error> {
    tx.execute(&DELETE_OF, args![actor.kind(), actor.id()]).await
}

/// Ends all sessions and links. Returns how many.
///
/// # Errors
/// What the database answers.
pub async fn delete_all(tx: &mut Tx) -> Result<u64, Error> {
    tx.execute(&DELETE_ALL, Vec::new()).await
}

/// Deletes what has expired. Returns how many.
///
/// # Errors
/// What the database answers.
pub async fn expire(tx: &mut Tx) -> Result<u64, Error> {
    let now = tx.now();
    tx.execute(&EXPIRE, args![now]).await
}

fn session(row: &Row) -> Result<Session, Error> {
    Ok(Session {
        role: row.word("role", Role::parse)?,
        actor: Actor::from_parts(&row.text("actor_kind")?, &row.text("actor_id")?),
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
        seen_at: row.time("seen_at")?,
        proved_at: row.opt_time("proved_at")?,
        token: row.opt_id("token_id")?,
    })
}
