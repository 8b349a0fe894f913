//! What a browser was asked: kept sealed under the hash of a secret that the browser holds, used once.

use serde_json::Value;
use watchfire_core::text::hex;
use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::keys::Place;
use crate::statements::statements;
use crate::{Error, Tx};

statements! {
    PUT = "INSERT INTO ceremony (hash, kind, sealed, expires_at) VALUES ($1, $2, $3, $4)";
    TAKE = "DELETE FROM ceremony WHERE hash = $1 AND kind = $2 AND expires_at > $3 RETURNING sealed";
    EXPIRE = "DELETE FROM ceremony WHERE expires_at <= $1";
}

/// Keeps a question until it is answered.
///
/// # Errors
/// What the database answers.
pub async fn put(tx: &mut Tx, hash: [u8; 32], kind: &str, body: &Value, expires_at: Timestamp) -> Result<(), Error> {
    let sealed = tx.seal(&place(&hex(&hash)), body.to_string().as_bytes()).await?;
    tx.execute(&PUT, args![hash, kind, sealed, expires_at]).await.map(drop)
}

/// Takes a question out, so that it is answered once; `None` if it was answered, is too old or never was.
///
/// # Errors
/// What the database answers.
pub async fn take(tx: &mut Tx, hash: [u8; 32], kind: &str) -> Result<Option<Value>, Error> {
    let now = tx.now();
    let Some(row) = tx.first(&TAKE, args![hash, kind, now]).await? else { return Ok(None) };
    let sealed = row.blob("sealed")?;
    let text = tx.open_text(&place(&hex(&hash)), &sealed).await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Deletes what nobody answered. Returns how many.
///
/// # Errors
/// What the database answers.
pub async fn expire(tx: &mut Tx) -> Result<u64, Error> {
    let now = tx.now();
    tx.execute(&EXPIRE, args![now]).await
}

fn place(hash: &str) -> Place<'_> {
    Place { table: "ceremony", row: hash, field: "sealed", incident: None }
}
