//! Tokens of people and services: only their hashes are kept.

use watchfire_core::access::{Identity, Powers, Role};
use watchfire_core::actor::Actor;
use watchfire_core::id::TokenId;
use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::db::Row;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    INSERT = "INSERT INTO token (id, hash, name, kind, role, actor_kind, actor_id, created_at, expires_at, last_used_at,
        revoked_at, scopes, owner) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    BY_HASH = "SELECT * FROM token WHERE hash = $1";
    GET = "SELECT * FROM token WHERE id = $1";
    LIST = "SELECT * FROM token ORDER BY id DESC LIMIT 10000";
    OF_OWNER = "SELECT * FROM token WHERE owner = $1 ORDER BY id DESC LIMIT 1000";
    ENDING = "SELECT * FROM token WHERE revoked_at IS NULL AND expires_at > $1 AND expires_at <= $2
        ORDER BY expires_at, id LIMIT 1000";
    ADOPT = "UPDATE token SET owner = $1 WHERE owner IS NULL";
    REVOKE = "UPDATE token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    TOUCH = "UPDATE token SET last_used_at = $2 WHERE id = $1 AND COALESCE(last_used_at, 0) < $2";
}

/// A token as kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    pub id: TokenId,
    pub name: String,
    /// `personal` or `service`.
    pub kind: String,
    pub role: Role,
    pub actor: Actor,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    /// What it may be used for.
    pub powers: Powers,
    /// The login of the person who made it: it never reaches further than they do now. `None` bounds it by nothing but
    /// its own role, which is so only for services from before there were people.
    pub owner: Option<String>,
}

impl Token {
    /// Tells whether it is valid at an instant: neither revoked nor expired.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    /// Returns who stands behind it, given the role that its owner has now; `None` if the owner has none any more.
    pub fn identity(&self, owner: Option<Role>) -> Option<Identity> {
        let role = match self.owner {
            Some(_) => self.role.min(owner?),
            None => self.role,
        };
        Some(Identity::new(self.actor.clone(), role).limited_to(self.powers))
    }
}

/// Stores a new token under its hash, see [`watchfire_core::token::hash`].
///
/// # Errors
/// What the database answers.
pub async fn insert(tx: &mut Tx, token: &Token, hash: [u8; 32]) -> Result<(), Error> {
    let args = args![
        token.id,
        hash,
        &token.name,
        &token.kind,
        token.role.as_str(),
        token.actor.kind(),
        token.actor.id(),
        token.created_at,
        token.expires_at,
        token.last_used_at,
        token.revoked_at,
        token.powers.words().join(" "),
        token.owner.as_deref(),
    ];
    tx.execute(&INSERT, args).await.map(drop)
}

/// Returns the token with this hash, valid or not.
///
/// # Errors
/// What the database answers.
pub async fn by_hash(conn: &mut Conn, hash: [u8; 32]) -> Result<Option<Token>, Error> {
    conn.first(&BY_HASH, args![hash]).await?.as_ref().map(token).transpose()
}

/// Returns a token by id.
///
/// # Errors
/// What the database answers.
pub async fn get(conn: &mut Conn, id: TokenId) -> Result<Option<Token>, Error> {
    conn.first(&GET, args![id]).await?.as_ref().map(token).transpose()
}

/// Returns all tokens, newest first.
///
/// # Errors
/// What the database answers.
pub async fn list(conn: &mut Conn) -> Result<Vec<Token>, Error> {
    conn.fetch(&LIST, Vec::new()).await?.iter().map(token).collect()
}

/// Returns the tokens of a person, newest first.
///
/// # Errors
/// What the database answers.
pub async fn of_owner(conn: &mut Conn, login: &str) -> Result<Vec<Token>, Error> {
    conn.fetch(&OF_OWNER, args![login]).await?.iter().map(token).collect()
}

/// Returns the valid tokens that end within a span, the first to end first.
///
/// # Errors
/// What the database answers.
pub async fn ending(conn: &mut Conn, from: Timestamp, until: Timestamp) -> Result<Vec<Token>, Error> {
    conn.fetch(&ENDING, args![from, until]).await?.iter().map(token).collect()
}

/// Gives tokens without an owner to a person. Returns how many there were.
///
/// # Errors
/// What the database answers.
pub async fn adopt(tx: &mut Tx, login: &str) -> Result<u64, Error> {
    tx.execute(&ADOPT, args![login]).await
}

/// Revokes a token. Returns `false` if there is none or it was revoked before.
///
/// # Errors
/// What the database answers.
pub async fn revoke(tx: &mut Tx, id: TokenId, at: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(&REVOKE, args![id, at]).await? > 0)
}

/// Notes that a token was used. Callers do this once in a while, not for every request.
///
/// # Errors
/// What the database answers.
pub async fn touch(tx: &mut Tx, id: TokenId, at: Timestamp) -> Result<(), Error> {
    tx.execute(&TOUCH, args![id, at]).await.map(drop)
}

fn token(row: &Row) -> Result<Token, Error> {
    Ok(Token {
        id: row.id("id")?,
        name: row.text("name")?,
        kind: row.text("kind")?,
        role: row.word("role", Role::parse)?,
        actor: Actor::from_parts(&row.text("actor_kind")?, &row.text("actor_id")?),
        created_at: row.time("created_at")?,
        expires_at: row.opt_time("expires_at")?,
        last_used_at: row.opt_time("last_used_at")?,
        revoked_at: row.opt_time("revoked_at")?,
        powers: row.word("scopes", |words| Powers::parse(words).ok())?,
        owner: row.opt_text("owner")?,
    })
}
