//! Passkeys: found by the hash of the credential's id, what checks them sealed.

use watchfire_core::id::Id;
use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::db::Row;
use crate::keys::Place;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    INSERT = "INSERT INTO passkey (id, login, credential, handle, name, sealed, created_at, last_used_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL) ON CONFLICT (credential) DO NOTHING";
    BY_CREDENTIAL = "SELECT * FROM passkey WHERE credential = $1";
    OF = "SELECT * FROM passkey WHERE login = $1 ORDER BY id LIMIT 100";
    USED = "UPDATE passkey SET sealed = $2, last_used_at = $3 WHERE id = $1";
    DELETE = "DELETE FROM passkey WHERE id = $1 AND login = $2";
    DELETE_OF = "DELETE FROM passkey WHERE login = $1";
}

/// A passkey as kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Passkey {
    pub id: Id<Self>,
    pub login: String,
    /// SHA-256 of the credential's id.
    pub credential: [u8; 32],
    /// The handle that the passkey was made for: says whose it is without an address.
    pub handle: String,
    pub name: String,
    /// What checks it, as the ceremonies write it.
    pub data: String,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// Keeps a new passkey.
///
/// # Errors
/// [`Error::Conflict`] if the credential is kept already.
pub async fn insert(tx: &mut Tx, passkey: &Passkey) -> Result<(), Error> {
    let sealed = tx.seal(&place(&passkey.id.to_string()), passkey.data.as_bytes()).await?;
    let args = args![passkey.id, &passkey.login, passkey.credential, &passkey.handle, &passkey.name, sealed, passkey.created_at];
    if tx.execute(&INSERT, args).await? == 0 { Err(Error::Conflict) } else { Ok(()) }
}

/// Returns the passkey of a credential.
///
/// # Errors
/// What the database answers.
pub async fn by_credential(conn: &mut Conn, credential: [u8; 32]) -> Result<Option<Passkey>, Error> {
    let Some(row) = conn.first(&BY_CREDENTIAL, args![credential]).await? else { return Ok(None) };
    passkey(conn, &row).await
}

/// Returns somebody's passkeys, oldest first.
///
/// # Errors
/// What the database answers.
pub async fn of(conn: &mut Conn, login: &str) -> Result<Vec<Passkey>, Error> {
    let rows = conn.fetch(&OF, args![login]).await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        all.extend(passkey(conn, row).await?);
    }
    Ok(all)
}

/// Notes that a passkey was used, with what it is from now on.
///
/// # Errors
/// What the database answers.
pub async fn used(tx: &mut Tx, passkey: &Passkey) -> Result<(), Error> {
    let (now, sealed) = (tx.now(), tx.seal(&place(&passkey.id.to_string()), passkey.data.as_bytes()).await?);
    tx.execute(&USED, args![passkey.id, sealed, now]).await.map(drop)
}

/// Forgets one of somebody's passkeys. Returns `false` if there is none.
///
/// # Errors
/// What the database answers.
pub async fn delete(tx: &mut Tx, login: &str, id: Id<Passkey>) -> Result<bool, Error> {
    Ok(tx.execute(&DELETE, args![id, login]).await? > 0)
}

/// Forgets all of somebody's passkeys. Returns how many.
///
/// # Errors
/// What the database answers.
pub async fn delete_of(tx: &mut Tx, login: &str) -> Result<u64, Error> {
    tx.execute(&DELETE_OF, args![login]).await
}

async fn passkey(conn: &mut Conn, row: &Row) -> Result<Option<Passkey>, Error> {
    let sealed = row.blob("sealed")?;
    let Some(data) = conn.open_text(&place(&row.text("id")?), &sealed).await? else { return Ok(None) };
    let credential = row.blob("credential")?.try_into();
    Ok(Some(Passkey {
        id: row.id("id")?,
        login: row.text("login")?,
        credential: credential.map_err(|_| Error::Damaged("column credential holds no hash".to_owned()))?,
        handle: row.text("handle")?,
        name: row.text("name")?,
        data,
        created_at: row.time("created_at")?,
        last_used_at: row.opt_time("last_used_at")?,
    }))
}

fn place(id: &str) -> Place<'_> {
    Place { table: "passkey", row: id, field: "sealed", incident: None }
}
