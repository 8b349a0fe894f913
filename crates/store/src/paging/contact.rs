//! Contacts: how a person is reached.

use watchfire_core::id::ContactId;
use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::db::Row;
use crate::keys::Place;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    INSERT = "INSERT INTO contact (id, login, channel, sealed, position, created_at, verified_at, code_hash, code_expires_at,
        code_tries) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    SAVE = "UPDATE contact SET position = $2, verified_at = $3, code_hash = $4, code_expires_at = $5, code_tries = $6
        WHERE id = $1";
    GET = "SELECT * FROM contact WHERE id = $1";
    OF = "SELECT * FROM contact WHERE login = $1 ORDER BY position, id LIMIT 100";
    OF_ALL = "SELECT c.* FROM EACH($1) JOIN contact c ON c.login = r.value ->> 'login' ORDER BY c.login, c.position, c.id LIMIT 10000";
    REMOVE = "DELETE FROM contact WHERE id = $1";
}

/// A way to reach a person: an address on a configured channel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contact {
    pub id: ContactId,
    pub login: String,
    /// The name of a configured channel.
    pub channel: String,
    /// The address on it: a mail address, a member's id.
    pub address: String,
    /// The order in which contacts are used, the least first.
    pub position: i64,
    pub created_at: Timestamp,
    /// When the person showed that they read it; nothing is sent to one that is not verified but its code.
    pub verified_at: Option<Timestamp>,
    pub code: Option<Code>,
}

/// The code that was sent to a contact, as its hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Code {
    pub hash: [u8; 32],
    pub expires_at: Timestamp,
    /// How often a wrong one was given.
    pub tries: i64,
}

/// Stores a new contact.
///
/// # Errors
/// What the database answers.
pub async fn add_contact(tx: &mut Tx, contact: &Contact) -> Result<(), Error> {
    let id = contact.id.to_string();
    let sealed = tx.seal(&place(&id), contact.address.as_bytes()).await?;
    let (hash, expires_at, tries) = code(contact);
    let args = args![
        id,
        &contact.login,
        &contact.channel,
        sealed,
        contact.position,
        contact.created_at,
        contact.verified_at,
        hash,
        expires_at,
        tries
    ];
    tx.execute(&INSERT, args).await.map(drop)
}

/// Saves a contact's order, verification and code.
///
/// # Errors
/// [`Error::Conflict`] if it is gone.
pub async fn save_contact(tx: &mut Tx, contact: &Contact) -> Result<(), Error> {
    let (hash, expires_at, tries) = code(contact);
    let args = args![contact.id, contact.position, contact.verified_at, hash, expires_at, tries];
    if tx.execute(&SAVE, args).await? == 0 { Err(Error::Conflict) } else { Ok(()) }
}

/// Returns a contact.
///
/// # Errors
/// What the database answers.
pub async fn contact(conn: &mut Conn, id: ContactId) -> Result<Option<Contact>, Error> {
    match conn.first(&GET, args![id]).await? {
        Some(row) => read(conn, &row).await,
        None => Ok(None),
    }
}

/// Returns a person's contacts in their order.
///
/// # Errors
/// What the database answers.
pub async fn contacts(conn: &mut Conn, login: &str) -> Result<Vec<Contact>, Error> {
    let rows = conn.fetch(&OF, args![login]).await?;
    read_all(conn, &rows).await
}

/// Returns the contacts of several people, each in their order.
///
/// # Errors
/// What the database answers.
pub async fn contacts_of(conn: &mut Conn, logins: &[String]) -> Result<Vec<Contact>, Error> {
    if logins.is_empty() {
        return Ok(Vec::new());
    }
    let rows = logins.iter().map(|login| serde_json::json!({ "login": crate::args::storable(login) })).collect();
    let rows = conn.fetch(&OF_ALL, vec![crate::args::rows(rows)]).await?;
    read_all(conn, &rows).await
}

/// Deletes a contact. Returns `false` if there is none.
///
/// # Errors
/// What the database answers.
pub async fn remove_contact(tx: &mut Tx, id: ContactId) -> Result<bool, Error> {
    Ok(tx.execute(&REMOVE, args![id]).await? > 0)
}

fn code(contact: &Contact) -> (Option<Vec<u8>>, Option<Timestamp>, i64) {
    let code = contact.code.as_ref();
    (code.map(|code| code.hash.to_vec()), code.map(|code| code.expires_at), code.map_or(0, |code| code.tries))
}

async fn read_all(conn: &mut Conn, rows: &[Row]) -> Result<Vec<Contact>, Error> {
    let mut contacts = Vec::with_capacity(rows.len());
    for row in rows {
        contacts.extend(read(conn, row).await?);
    }
    Ok(contacts)
}

/// Reads a row; `None` if its key was erased, for there is nothing left to reach.
async fn read(conn: &mut Conn, row: &Row) -> Result<Option<Contact>, Error> {
    let Some(address) = conn.open_text(&place(&row.text("id")?), &row.blob("sealed")?).await? else { return Ok(None) };
    let code = match (row.opt_blob("code_hash")?, row.opt_time("code_expires_at")?) {
        (Some(hash), Some(expires_at)) => {
            let hash = hash.try_into().map_err(|_| Error::damaged("a contact's code"))?;
            Some(Code { hash, expires_at, tries: row.int("code_tries")? })
        }
        _ => None,
    };
    Ok(Some(Contact {
        id: row.id("id")?,
        login: row.text("login")?,
        channel: row.text("channel")?,
        address,
        position: row.int("position")?,
        created_at: row.time("created_at")?,
        verified_at: row.opt_time("verified_at")?,
        code,
    }))
}

fn place(row: &str) -> Place<'_> {
    Place { table: "contact", row, field: "sealed", incident: None }
}
