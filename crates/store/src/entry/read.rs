//! Reading the record.

use std::collections::{BTreeMap, HashMap};

use serde_json::json;
use watchfire_core::access::Scope;
use watchfire_core::actor::Actor;
use watchfire_core::id::IncidentId;
use watchfire_core::record::SALT_BYTES;

use super::{Entry, Filter};
use crate::args::{args, rows};
use crate::cursor::bounded;
use crate::db::Row;
use crate::keys::Place;
use crate::statements::{Query, statements};
use crate::{Conn, Error, scoped};

statements! {
    HEAD = "SELECT value FROM counter WHERE name = 'entry'";
    ENTRIES = "SELECT e.* FROM entry e WHERE TRUE";
    NUMBERS = "SELECT e.seq FROM entry e WHERE TRUE";
    ANY_OF = "SELECT 1 AS found FROM EACH($2) JOIN entry e ON e.kind = r.value ->> 'kind' WHERE e.seq > $1 LIMIT 1";
    SECRETS = "SELECT s.seq, s.field, s.sealed FROM EACH($1) JOIN entry_secret s ON s.seq = CAST(r.value ->> 'seq' AS BIGINT)";
}

/// Returns the number of the last entry; zero for an empty record.
///
/// # Errors
/// What the database answers.
pub async fn head(conn: &mut Conn) -> Result<i64, Error> {
    conn.first(&HEAD, Vec::new()).await?.map_or(Ok(0), |row| row.int("value"))
}

/// Returns entries with their confidential fields opened: newest first, or oldest first after a number.
///
/// # Errors
/// What the database answers.
pub async fn list(conn: &mut Conn, scope: &Scope, filter: &Filter, limit: usize) -> Result<Vec<Entry>, Error> {
    // The entries of one incident are few: an index on kinds would lead through those of all incidents.
    let kind = if filter.incident.is_some() { "e.kind || ''" } else { "e.kind" };
    let query = Query::new(ENTRIES.text)
        .and_if("e.incident_id = ?", filter.incident)
        .and_if("e.alert_id = ?", filter.alert)
        .and_any(kind, &filter.kinds)
        .and_if("e.actor_id = ?", filter.actor.as_deref())
        .and_if("e.recorded_at >= ?", filter.from)
        .and_if("e.recorded_at < ?", filter.until)
        .and_if("e.seq > ?", filter.after)
        .and_if("e.seq < ?", filter.before);
    let order = if filter.after.is_some() { "ORDER BY e.seq" } else { "ORDER BY e.seq DESC" };
    let found = conn.query(scoped::entries(query, scope).ending(order, bounded(limit))).await?;
    read(conn, &found).await
}

/// Returns the number of the newest entry after a number that a scope shows.
///
/// # Errors
/// What the database answers.
pub async fn newest_after(conn: &mut Conn, scope: &Scope, after: i64) -> Result<Option<i64>, Error> {
    let query = Query::new(NUMBERS.text).and("e.seq > ?", after);
    let found = conn.query(scoped::entries(query, scope).ending("ORDER BY e.seq DESC", 1)).await?;
    found.first().map(|row| row.int("seq")).transpose()
}

/// Tells whether any entry after a number is of one of these kinds, whoever may see it.
///
/// # Errors
/// What the database answers.
pub async fn any_of_kinds(conn: &mut Conn, after: i64, kinds: &[&str]) -> Result<bool, Error> {
    let asked = rows(kinds.iter().map(|kind| json!({ "kind": kind })).collect());
    let mut args = args![after];
    args.push(asked);
    Ok(conn.first(&ANY_OF, args).await?.is_some())
}

/// Reads rows of `entry` with their confidential fields.
pub(super) async fn read(conn: &mut Conn, found: &[Row]) -> Result<Vec<Entry>, Error> {
    let mut entries = found.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let asked = rows(entries.iter().map(|entry| json!({ "seq": entry.seq })).collect());
    let mut secrets: HashMap<i64, Vec<(String, Vec<u8>)>> = HashMap::new();
    for row in conn.fetch(&SECRETS, vec![asked]).await? {
        secrets.entry(row.int("seq")?).or_default().push((row.text("field")?, row.blob("sealed")?));
    }
    conn.load_keys(secrets.values().flatten().map(|(_, sealed)| sealed.as_slice())).await?;
    for entry in &mut entries {
        let row = entry.id.to_string();
        for (field, sealed) in secrets.remove(&entry.seq).unwrap_or_default() {
            let opened = salted(conn, &row, &field, entry.incident, &sealed).await?;
            entry.confidential.insert(field, opened.map(|(_, text)| text));
        }
    }
    Ok(entries)
}

/// Opens a confidential field: its salt and its text; `None` if its key was erased.
pub(super) async fn salted(
    conn: &mut Conn,
    row: &str,
    field: &str,
    incident: Option<IncidentId>,
    sealed: &[u8],
) -> Result<Option<([u8; SALT_BYTES], String)>, Error> {
    let plain = match conn.open(&secret_place(row, field, incident), sealed).await {
        Ok(plain) => plain,
        Err(Error::Sealed(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let damaged = || Error::damaged("a confidential field of the record");
    let (salt, text) = plain.split_first_chunk::<SALT_BYTES>().ok_or_else(damaged)?;
    let text = std::str::from_utf8(text).map_err(|_| damaged())?;
    Ok(Some((*salt, text.to_owned())))
}

/// Names where a confidential field stands.
pub(super) fn secret_place<'a>(row: &'a str, field: &'a str, incident: Option<IncidentId>) -> Place<'a> {
    Place { table: "entry_secret", row, field, incident }
}

fn entry(row: &Row) -> Result<Entry, Error> {
    let leaf = row.text("leaf")?;
    let parsed: serde_json::Value = serde_json::from_str(&leaf).map_err(|_| Error::damaged("a leaf of the record"))?;
    let names = parsed.get("commitments").and_then(|names| names.as_object());
    let confidential: BTreeMap<_, _> = names.into_iter().flatten().map(|(name, _)| (name.clone(), None)).collect();
    Ok(Entry {
        seq: row.int("seq")?,
        id: row.id("id")?,
        incident_seq: row.opt_int("incident_seq")?,
        recorded_at: row.time("recorded_at")?,
        occurred_at: row.time("occurred_at")?,
        known_at: row.time("known_at")?,
        actor: Actor::from_parts(&row.text("actor_kind")?, &row.text("actor_id")?),
        kind: row.text("kind")?,
        incident: row.opt_id("incident_id")?,
        alert: row.opt_id("alert_id")?,
        event: row.opt_id("event_id")?,
        plan_version: row.text("plan_version")?,
        corrects: row.opt_int("corrects")?,
        public: parsed.get("public").and_then(|public| public.as_object()).cloned().unwrap_or_default(),
        confidential,
        leaf_hash: row.blob("leaf_hash")?.try_into().map_err(|_| Error::damaged("a leaf hash"))?,
        leaf,
    })
}
