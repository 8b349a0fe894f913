//! Checking the record against itself.

use serde_json::Value;
use watchfire_core::record::{Leaf, commitment};
use watchfire_core::text::hex;

use super::read::salted;
use crate::args::args;
use crate::statements::statements;
use crate::{Conn, Error};

statements! {
    LEAVES = "SELECT seq, id, recorded_at, occurred_at, known_at, actor_kind, actor_id, kind, incident_id, leaf, leaf_hash
        FROM entry WHERE seq > $1 ORDER BY seq LIMIT 1000";
    FIELDS = "SELECT seq, field, sealed FROM entry_secret WHERE seq = $1";
}

/// What a check of the record found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verified {
    pub entries: i64,
    pub fields: i64,
    /// Confidential fields whose text was erased; their commitments stay.
    pub erased: i64,
    /// What is wrong, with the number of the entry; at most 100.
    pub wrong: Vec<String>,
}

/// Recomputes every leaf hash, compares the columns with the leaf and every confidential field with its commitment, and
/// looks for gaps in the numbers.
///
/// # Errors
/// What the database answers.
pub async fn verify(conn: &mut Conn) -> Result<Verified, Error> {
    let mut found = Verified::default();
    let mut last = 0;
    loop {
        let rows = conn.fetch(&LEAVES, args![last]).await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            let seq = row.int("seq")?;
            if seq != last + 1 {
                wrong(&mut found, format!("entry {seq} follows entry {last}: entries are missing"));
            }
            last = seq;
            found.entries += 1;
            let leaf = Leaf::of_json(row.text("leaf")?);
            if leaf.hash[..] != row.blob("leaf_hash")?[..] {
                wrong(&mut found, format!("entry {seq}: the leaf does not have its hash"));
                continue;
            }
            let parsed: Value = serde_json::from_str(&leaf.json).map_err(|_| Error::damaged(format!("entry {seq}")))?;
            let rfc = |column: &str| row.time(column).map(|at| Value::from(watchfire_core::time::rfc3339(at)));
            let same = parsed.get("seq") == Some(&Value::from(seq))
                && parsed.get("id") == Some(&Value::from(row.text("id")?))
                && parsed.get("kind") == Some(&Value::from(row.text("kind")?))
                && parsed.get("incident") == row.opt_text("incident_id")?.map(Value::from).as_ref()
                && parsed.get("recorded_at") == Some(&rfc("recorded_at")?)
                && parsed.get("occurred_at") == Some(&rfc("occurred_at")?)
                && parsed.get("known_at") == Some(&rfc("known_at")?)
                && parsed.pointer("/actor/kind") == Some(&Value::from(row.text("actor_kind")?))
                && parsed.pointer("/actor/id") == Some(&Value::from(row.text("actor_id")?));
            if !same {
                wrong(&mut found, format!("entry {seq}: the columns differ from the leaf"));
            }
            let commitments = parsed.get("commitments").and_then(Value::as_object).cloned().unwrap_or_default();
            let mut open = i64::try_from(commitments.len()).unwrap_or(0);
            let fields = if commitments.is_empty() { Vec::new() } else { conn.fetch(&FIELDS, args![seq]).await? };
            for field in fields {
                let name = field.text("field")?;
                match salted(conn, &row.text("id")?, &name, row.opt_id("incident_id")?, &field.blob("sealed")?).await {
                    Ok(Some((salt, text))) => {
                        open -= 1;
                        found.fields += 1;
                        if commitments.get(&name) != Some(&Value::from(hex(&commitment(&salt, &text)))) {
                            wrong(&mut found, format!("entry {seq}: the field {name} does not fit its commitment"));
                        }
                    }
                    Ok(None) => {}
                    Err(Error::Damaged(_)) => wrong(&mut found, format!("entry {seq}: the field {name} is damaged")),
                    Err(error) => return Err(error),
                }
            }
            found.erased += open;
        }
    }
    let head = super::head(conn).await?;
    if head != last {
        wrong(&mut found, format!("the record's counter says {head}, the last entry is {last}"));
    }
    Ok(found)
}

fn wrong(found: &mut Verified, what: String) {
    if found.wrong.len() < 100 {
        found.wrong.push(what);
    }
}
