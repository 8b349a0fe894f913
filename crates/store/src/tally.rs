//! Counts that are kept up to date with the rows they count, so that no page counts 100,000 rows.
//!
//! A tally has a name of words and dots. Sums over names are taken by prefix.

use std::collections::BTreeMap;

use crate::args::{args, rows};
use crate::statements::statements;
use crate::{Conn, Error};

statements! {
    ADD = "INSERT INTO tally (name, value)
        SELECT r.value ->> 'name', CAST(r.value ->> 'change' AS BIGINT) FROM EACH($1) WHERE TRUE
        ORDER BY 1
        ON CONFLICT (name) DO UPDATE SET value = tally.value + excluded.value";
    UNDER = "SELECT name, value FROM tally WHERE substr(name, 1, length($1)) = $1 AND value <> 0";
}

/// Returns all tallies whose names begin with a prefix (which ends with a dot), by the rest of the name.
///
/// # Errors
/// What the database answers.
pub async fn under(conn: &mut Conn, prefix: &str) -> Result<BTreeMap<String, i64>, Error> {
    let found = conn.fetch(&UNDER, args![prefix]).await?;
    found
        .iter()
        .map(|row| {
            let name = row.text("name")?;
            Ok((name.strip_prefix(prefix).unwrap_or(&name).to_owned(), row.int("value")?))
        })
        .collect()
}

/// Adds changes; in order of name, so that two nodes never wait for each other crosswise.
pub(crate) async fn add(conn: &mut Conn, changes: BTreeMap<String, i64>) -> Result<(), Error> {
    let changes: Vec<_> = changes
        .into_iter()
        .filter(|(_, change)| *change != 0)
        .map(|(name, change)| serde_json::json!({ "name": name, "change": change }))
        .collect();
    if changes.is_empty() {
        return Ok(());
    }
    conn.execute(&ADD, vec![rows(changes)]).await.map(drop)
}
