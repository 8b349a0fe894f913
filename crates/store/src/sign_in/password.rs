//! Hashes of passwords, sealed.

use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::keys::Place;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    PUT = "INSERT INTO password (login, sealed, set_at) VALUES ($1, $2, $3)
        ON CONFLICT (login) DO UPDATE SET sealed = excluded.sealed, set_at = excluded.set_at";
    IS_SET = "SELECT set_at FROM password WHERE login = $1";
    GET = "SELECT * FROM password WHERE login = $1";
    DELETE = "DELETE FROM password WHERE login = $1";
}

/// A password as kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Password {
    /// Cost, salt and hash, as the engine writes them.
    pub hash: String,
    pub set_at: Timestamp,
}

/// Keeps somebody's password in place of the one before.
///
/// # Errors
/// What the database answers.
pub async fn put(tx: &mut Tx, login: &str, password: &Password) -> Result<(), Error> {
    let sealed = tx.seal(&place(login), password.hash.as_bytes()).await?;
    tx.execute(&PUT, args![login, sealed, password.set_at]).await.map(drop)
}

/// Returns somebody's password.
///
/// # Errors
/// What the database answers.
pub async fn get(conn: &mut Conn, login: &str) -> Result<Option<Password>, Error> {
    let Some(row) = conn.first(&GET, args![login]).await? else { return Ok(None) };
    let sealed = row.blob("sealed")?;
    let Some(hash) = conn.open_text(&place(login), &sealed).await? else { return Ok(None) };
    Ok(Some(Password { hash, set_at: row.time("set_at")? }))
}

/// Tells when somebody's password was set, without opening it; `None` if they have none.
///
/// # Errors
/// What the database answers.
pub async fn set_at(conn: &mut Conn, login: &str) -> Result<Option<Timestamp>, Error> {
    conn.first(&IS_SET, args![login]).await?.map(|row| row.time("set_at")).transpose()
}

/// Forgets somebody's password. Returns `false` if there is none.
///
/// # Errors
/// What the database answers.
pub async fn delete(tx: &mut Tx, login: &str) -> Result<bool, Error> {
    Ok(tx.execute(&DELETE, args![login]).await? > 0)
}

fn place(login: &str) -> Place<'_> {
    Place { table: "password", row: login, field: "sealed", incident: None }
}
