//! What the organisation has decided about itself: a name and a value each.

use std::collections::BTreeMap;

use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    PUT = "INSERT INTO setting (name, value, changed_at) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at";
    LIST = "SELECT name, value FROM setting ORDER BY name LIMIT 1000";
}

/// Sets a value.
///
/// # Errors
/// What the database answers.
pub async fn put(tx: &mut Tx, name: &str, value: &str, at: Timestamp) -> Result<(), Error> {
    tx.execute(&PUT, args![name, value, at]).await.map(drop)
}

/// Returns all values by name.
///
/// # Errors
/// What the database answers.
pub async fn all(conn: &mut Conn) -> Result<BTreeMap<String, String>, Error> {
    conn.fetch(&LIST, Vec::new()).await?.iter().map(|row| Ok((row.text("name")?, row.text("value")?))).collect()
}
