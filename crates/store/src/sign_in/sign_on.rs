//! Who somebody is at an identity provider: issuer and subject together are the key, an address never is.

use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::db::Row;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    INSERT = "INSERT INTO sign_on (issuer, subject, login, made_here, created_at, last_used_at) VALUES ($1, $2, $3, $4, $5, $5)";
    GET = "SELECT * FROM sign_on WHERE issuer = $1 AND subject = $2";
    OF = "SELECT * FROM sign_on WHERE login = $1 ORDER BY issuer, subject LIMIT 100";
    USED = "UPDATE sign_on SET last_used_at = $3 WHERE issuer = $1 AND subject = $2";
}

/// A person at a provider.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignOn {
    pub issuer: String,
    pub subject: String,
    pub login: String,
    /// The person was made by signing on, so the provider's groups decide on the role.
    pub made_here: bool,
    pub last_used_at: Timestamp,
}

/// Ties a subject to a person.
///
/// # Errors
/// What the database answers; a subject that is tied already is an error.
pub async fn insert(tx: &mut Tx, sign_on: &SignOn) -> Result<(), Error> {
    let now = tx.now();
    let args = args![&sign_on.issuer, &sign_on.subject, &sign_on.login, sign_on.made_here, now];
    tx.execute(&INSERT, args).await.map(drop)
}

/// Returns who a subject is.
///
/// # Errors
/// What the database answers.
pub async fn get(conn: &mut Conn, issuer: &str, subject: &str) -> Result<Option<SignOn>, Error> {
    conn.first(&GET, args![issuer, subject]).await?.as_ref().map(sign_on).transpose()
}

/// Returns the subjects that somebody is.
///
/// # Errors
/// What the database answers.
pub async fn of(conn: &mut Conn, login: &str) -> Result<Vec<SignOn>, Error> {
    conn.fetch(&OF, args![login]).await?.iter().map(sign_on).collect()
}

/// Notes that a subject signed on.
///
/// # Errors
/// What the database answers.
pub async fn used(tx: &mut Tx, issuer: &str, subject: &str) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(&USED, args![issuer, subject, now]).await.map(drop)
}

fn sign_on(row: &Row) -> Result<SignOn, Error> {
    Ok(SignOn {
        issuer: row.text("issuer")?,
        subject: row.text("subject")?,
        login: row.text("login")?,
        made_here: row.bool("made_here")?,
        last_used_at: row.time("last_used_at")?,
    })
}
