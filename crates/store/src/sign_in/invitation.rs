//! One-time links that let somebody set up how they sign in: invitations, recovery, the first owner's.

use watchfire_core::access::Role;
use watchfire_core::id::Id;
use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::db::Row;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    INSERT = "INSERT INTO invitation (id, kind, hash, login, role, teams, made_by, created_at, expires_at, used_at, revoked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, NULL)";
    OPEN = "SELECT * FROM invitation WHERE hash = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2";
    GET = "SELECT * FROM invitation WHERE id = $1";
    FOR = "SELECT * FROM invitation WHERE login = $1 AND kind = $2 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $3
        ORDER BY id DESC LIMIT 1";
    LIST = "SELECT * FROM invitation WHERE kind = $1 ORDER BY id DESC LIMIT 1000";
    RENEW = "UPDATE invitation SET hash = $2, expires_at = $3 WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL";
    USE = "UPDATE invitation SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2";
    REVOKE = "UPDATE invitation SET revoked_at = $2 WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL";
    REVOKE_FOR = "UPDATE invitation SET revoked_at = $3 WHERE login = $1 AND kind = $2 AND used_at IS NULL AND revoked_at IS NULL";
}

/// What a link is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Somebody new.
    Invitation,
    /// Somebody who cannot sign in any more.
    Recovery,
    /// The first owner of a new installation.
    Setup,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Invitation, Self::Recovery, Self::Setup];

    /// Returns the word that the store keeps.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Recovery => "recovery",
            Self::Setup => "setup",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A link as kept; its secret is not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Invitation {
    pub id: Id<Self>,
    pub kind: Kind,
    /// For whom; empty for the first owner, who says it.
    pub login: String,
    pub role: Role,
    pub teams: Vec<String>,
    pub made_by: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

impl Invitation {
    /// Tells whether it can still be used.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.used_at.is_none() && self.revoked_at.is_none() && now < self.expires_at
    }
}

/// Keeps a new link under the hash of its secret.
///
/// # Errors
/// What the database answers.
pub async fn insert(tx: &mut Tx, invitation: &Invitation, hash: [u8; 32]) -> Result<(), Error> {
    let teams = serde_json::to_string(&invitation.teams).unwrap_or_else(|_| "[]".to_owned());
    let args = args![
        invitation.id,
        invitation.kind.as_str(),
        hash,
        &invitation.login,
        invitation.role.as_str(),
        teams,
        &invitation.made_by,
        invitation.created_at,
        invitation.expires_at,
    ];
    tx.execute(&INSERT, args).await.map(drop)
}

/// Returns the open link with this hash.
///
/// # Errors
/// What the database answers.
pub async fn open(conn: &mut Conn, hash: [u8; 32], now: Timestamp) -> Result<Option<Invitation>, Error> {
    conn.first(&OPEN, args![hash, now]).await?.as_ref().map(invitation).transpose()
}

/// Returns a link by id, open or not.
///
/// # Errors
/// What the database answers.
pub async fn get(conn: &mut Conn, id: Id<Invitation>) -> Result<Option<Invitation>, Error> {
    conn.first(&GET, args![id]).await?.as_ref().map(invitation).transpose()
}

/// Returns somebody's open link of a kind.
///
/// # Errors
/// What the database answers.
pub async fn open_for(conn: &mut Conn, login: &str, kind: Kind, now: Timestamp) -> Result<Option<Invitation>, Error> {
    conn.first(&FOR, args![login, kind.as_str(), now]).await?.as_ref().map(invitation).transpose()
}

/// Returns the links of a kind, newest first.
///
/// # Errors
/// What the database answers.
pub async fn list(conn: &mut Conn, kind: Kind) -> Result<Vec<Invitation>, Error> {
    conn.fetch(&LIST, args![kind.as_str()]).await?.iter().map(invitation).collect()
}

/// Gives an open link a new secret and a new end; the old secret is worth nothing from then on. Returns `false` if it is
/// not open.
///
/// # Errors
/// What the database answers.
pub async fn renew(tx: &mut Tx, id: Id<Invitation>, hash: [u8; 32], expires_at: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(&RENEW, args![id, hash, expires_at]).await? > 0)
}

/// Uses a link up. Returns `false` if somebody was quicker or it is not open any more.
///
/// # Errors
/// What the database answers.
pub async fn use_up(tx: &mut Tx, id: Id<Invitation>) -> Result<bool, Error> {
    let now = tx.now();
    Ok(tx.execute(&USE, args![id, now]).await? > 0)
}

/// Takes a link back. Returns `false` if it is not open.
///
/// # Errors
/// What the database answers.
pub async fn revoke(tx: &mut Tx, id: Id<Invitation>) -> Result<bool, Error> {
    let now = tx.now();
    Ok(tx.execute(&REVOKE, args![id, now]).await? > 0)
}

/// Takes all of somebody's links of a kind back. Returns how many.
///
/// # Errors
/// What the database answers.
pub async fn revoke_for(tx: &mut Tx, login: &str, kind: Kind) -> Result<u64, Error> {
    let now = tx.now();
    tx.execute(&REVOKE_FOR, args![login, kind.as_str(), now]).await
}

fn invitation(row: &Row) -> Result<Invitation, Error> {
    Ok(Invitation {
        id: row.id("id")?,
        kind: row.word("kind", Kind::parse)?,
        login: row.text("login")?,
        role: row.word("role", Role::parse)?,
        teams: row.json("teams")?,
        made_by: row.text("made_by")?,
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
        used_at: row.opt_time("used_at")?,
        revoked_at: row.opt_time("revoked_at")?,
    })
}
