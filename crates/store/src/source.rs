//! Sources: who sends events. Keys and secrets are sealed; a key is found by its hash.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use watchfire_core::access::Scope;
use watchfire_core::id::SourceId;
use watchfire_core::source::Settings;
use watchfire_core::time::Timestamp;
use watchfire_core::token;
use zeroize::Zeroizing;

use crate::args::{Value, args};
use crate::db::Row;
use crate::incident::any_hidden;
use crate::keys::Place;
use crate::statements::{Query, statements};
use crate::{Conn, Error, Tx, scoped, tally};

statements! {
    INSERT = "INSERT INTO source (id, kind, name, key_hash, sealed, settings, created_at, disabled_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (name) DO NOTHING";
    UPDATE = "UPDATE source SET kind = $2, name = $3, key_hash = $4, sealed = $5, settings = $6, created_at = $7,
        disabled_at = $8 WHERE id = $1";
    NAMED = "SELECT id FROM source WHERE name = $1 AND id <> $2";
    BY_ID = "SELECT * FROM source WHERE id = $1";
    BY_NAME = "SELECT * FROM source WHERE name = $1";
    BY_KEY_HASH = "SELECT * FROM source WHERE key_hash = $1";
    ALL_SOURCES = "SELECT * FROM source ORDER BY name LIMIT 10000";
    NAMES = "SELECT id, name FROM source ORDER BY name LIMIT 10000";
    OVERVIEW = "SELECT s.*,
          (SELECT e.received_at FROM event e WHERE e.source_id = s.id ORDER BY e.seq DESC LIMIT 1) AS last_event_at,
          COALESCE((SELECT t.value FROM tally t WHERE t.name = 'events.kept.' || s.id), 0) AS events,
          COALESCE((SELECT t.value FROM tally t WHERE t.name = 'events.pending.' || s.id), 0) AS pending,
          COALESCE((SELECT t.value FROM tally t WHERE t.name = 'events.quarantined.' || s.id), 0) AS quarantined
        FROM source s ORDER BY s.name LIMIT 10000";
    // What owners see of a source that others do not: events that spoke of a hidden incident, or were not looked at yet.
    LAST_LOOKED_AT = "SELECT e.received_at FROM event e WHERE e.source_id = $1 AND e.status <> 'pending' ORDER BY e.seq DESC LIMIT 1";
    LAST_SEEN = "SELECT e.received_at FROM event e WHERE e.source_id = $1";
}

/// Begin of a query over events of hidden incidents, by source; the incidents are looked at first, by their own index.
const HIDDEN: &str = "SELECT e.source_id, COUNT(*) AS number FROM event e WHERE e.id IN (
    SELECT c.event_id FROM incident i CROSS JOIN incident_alert l CROSS JOIN receipt c
    WHERE (i.visibility = 'restricted' OR i.sensitivity <> 'normal') AND l.incident_id = i.id AND c.alert_id = l.alert_id)";

/// A source with its credentials opened: for the engine's cache and for showing them to whoever may set them up.
#[derive(Clone, PartialEq, Eq)]
pub struct Source {
    pub id: SourceId,
    pub kind: String,
    /// Unique in the installation.
    pub name: String,
    /// The key in the address.
    pub key: String,
    /// The secrets that are valid now, newest first: one, or two while the secret is being changed.
    pub secrets: Vec<String>,
    pub settings: Settings,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
}

/// A source with what came of it, without credentials.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Overview {
    pub id: SourceId,
    pub kind: String,
    pub name: String,
    pub settings: Settings,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
    pub last_event_at: Option<Timestamp>,
    /// Events kept, pending and in quarantine.
    pub events: i64,
    pub pending: i64,
    pub quarantined: i64,
}

#[derive(Serialize, Deserialize)]
struct Credentials {
    key: String,
    secrets: Vec<String>,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("id", &self.id).field("kind", &self.kind).field("name", &self.name).finish_non_exhaustive()
    }
}

/// Stores a new source.
///
/// # Errors
/// [`Error::NameTaken`] if another one has the name.
pub async fn insert(tx: &mut Tx, source: &Source) -> Result<(), Error> {
    let args = columns(tx, source).await?;
    if tx.execute(&INSERT, args).await? == 0 { Err(Error::NameTaken) } else { Ok(()) }
}

/// Saves a changed source: settings, name, credentials, whether it is disabled. Returns `false` if there is none.
///
/// # Errors
/// [`Error::NameTaken`] if another one has the name.
pub async fn update(tx: &mut Tx, source: &Source) -> Result<bool, Error> {
    if tx.first(&NAMED, args![&source.name, source.id]).await?.is_some() {
        return Err(Error::NameTaken);
    }
    let args = columns(tx, source).await?;
    Ok(tx.execute(&UPDATE, args).await? > 0)
}

/// Puts a new secret before the present one, which stays valid until the next change. Returns `false` if there is no
/// such source.
///
/// # Errors
/// What the database answers.
pub async fn rotate(tx: &mut Tx, id: SourceId, secret: &str) -> Result<bool, Error> {
    let Some(mut source) = get(tx, id).await? else { return Ok(false) };
    source.secrets.insert(0, secret.to_owned());
    source.secrets.truncate(2);
    update(tx, &source).await
}

/// Returns a source with its credentials.
///
/// # Errors
/// What the database answers.
pub async fn get(conn: &mut Conn, id: SourceId) -> Result<Option<Source>, Error> {
    one(conn, &BY_ID, args![id]).await
}

/// Returns a source by name.
///
/// # Errors
/// What the database answers.
pub async fn by_name(conn: &mut Conn, name: &str) -> Result<Option<Source>, Error> {
    one(conn, &BY_NAME, args![name]).await
}

/// Returns a source by the hash of the key in its address, see [`watchfire_core::token::hash`].
///
/// # Errors
/// What the database answers.
pub async fn by_key_hash(conn: &mut Conn, hash: [u8; 32]) -> Result<Option<Source>, Error> {
    one(conn, &BY_KEY_HASH, args![hash]).await
}

/// Returns all sources with their credentials, in order of name, disabled ones too; for the engine's cache.
///
/// # Errors
/// What the database answers.
pub async fn all(conn: &mut Conn) -> Result<Vec<Source>, Error> {
    let rows = conn.fetch(&ALL_SOURCES, Vec::new()).await?;
    let mut sources = Vec::with_capacity(rows.len());
    for row in &rows {
        sources.push(source(conn, row).await?);
    }
    Ok(sources)
}

/// Returns the names of all sources in their order, disabled ones too.
///
/// # Errors
/// What the database answers.
pub async fn names(conn: &mut Conn) -> Result<Vec<(SourceId, String)>, Error> {
    let rows = conn.fetch(&NAMES, Vec::new()).await?;
    rows.iter().map(|row| Ok((row.id("id")?, row.text("name")?))).collect()
}

/// Returns how many events of all sources are in quarantine.
///
/// # Errors
/// What the database answers.
pub async fn quarantined(conn: &mut Conn) -> Result<i64, Error> {
    Ok(tally::under(conn, "events.quarantined.").await?.values().sum())
}

/// Returns all sources with what came of them as far as the scope shows it, in order of name.
///
/// Events that belong to a hidden incident, and those not looked at yet, are left out of the numbers for whoever does not
/// see them: they would tell that there is something.
///
/// # Errors
/// What the database answers.
pub async fn list(conn: &mut Conn, scope: &Scope) -> Result<Vec<Overview>, Error> {
    let mut sources = overviews(conn).await?;
    if scope.sees_everything() {
        return Ok(sources);
    }
    if !scope.sees_restricted() {
        for source in &mut sources {
            source.events -= source.pending;
            source.pending = 0;
            source.last_event_at = match scope.sees_open() {
                true => conn.first(&LAST_LOOKED_AT, args![source.id]).await?.map(|row| row.time("received_at")).transpose()?,
                false => None,
            };
        }
    }
    // Asked after the numbers were read: an incident that came to be meanwhile is found, and its events are taken off.
    if any_hidden(conn, scope).await? {
        leave_out_hidden(conn, scope, &mut sources).await?;
    }
    Ok(sources)
}

/// Takes off what tells of an incident that the scope does not show. Dear where there are many alerts: each event's are looked at.
async fn leave_out_hidden(conn: &mut Conn, scope: &Scope, sources: &mut [Overview]) -> Result<(), Error> {
    let mut hidden: HashMap<SourceId, i64> = HashMap::new();
    for (mut query, sign) in [(Query::new(HIDDEN), 1), (scoped::events(Query::new(HIDDEN), scope), -1)] {
        query.text.push_str(" GROUP BY e.source_id");
        for row in conn.query(query).await? {
            *hidden.entry(row.id("source_id")?).or_default() += sign * row.int("number")?;
        }
    }
    for source in sources {
        source.events -= hidden.get(&source.id).copied().unwrap_or(0);
        let newest = scoped::events(Query::new(LAST_SEEN.text).bound(source.id), scope).ending("ORDER BY e.seq DESC", 1);
        source.last_event_at = conn.query(newest).await?.first().map(|row| row.time("received_at")).transpose()?;
    }
    Ok(())
}

async fn overviews(conn: &mut Conn) -> Result<Vec<Overview>, Error> {
    let rows = conn.fetch(&OVERVIEW, Vec::new()).await?;
    rows.iter()
        .map(|row| {
            Ok(Overview {
                id: row.id("id")?,
                kind: row.text("kind")?,
                name: row.text("name")?,
                settings: row.json("settings")?,
                created_at: row.time("created_at")?,
                disabled_at: row.opt_time("disabled_at")?,
                last_event_at: row.opt_time("last_event_at")?,
                events: row.int("events")?,
                pending: row.int("pending")?,
                quarantined: row.int("quarantined")?,
            })
        })
        .collect()
}

async fn columns(tx: &mut Tx, source: &Source) -> Result<Vec<Value>, Error> {
    let id = source.id.to_string();
    let credentials = Credentials { key: source.key.clone(), secrets: source.secrets.clone() };
    let plain = Zeroizing::new(serde_json::to_vec(&credentials).map_err(Error::damaged)?);
    let sealed = tx.seal(&place(&id), &plain).await?;
    let settings: BTreeMap<_, _> = source.settings.iter().map(|(name, value)| (name, crate::args::storable(value))).collect();
    let settings = serde_json::to_string(&settings).map_err(Error::damaged)?;
    Ok(args![&id, &source.kind, &source.name, token::hash(&source.key), sealed, settings, source.created_at, source.disabled_at])
}

async fn one(conn: &mut Conn, sql: &crate::statements::Sql, args: Vec<Value>) -> Result<Option<Source>, Error> {
    match conn.first(sql, args).await? {
        Some(row) => source(conn, &row).await.map(Some),
        None => Ok(None),
    }
}

async fn source(conn: &mut Conn, row: &Row) -> Result<Source, Error> {
    let plain = Zeroizing::new(conn.open(&place(&row.text("id")?), &row.blob("sealed")?).await?);
    let credentials: Credentials = serde_json::from_slice(&plain).map_err(|_| Error::damaged("a source's credentials"))?;
    Ok(Source {
        id: row.id("id")?,
        kind: row.text("kind")?,
        name: row.text("name")?,
        key: credentials.key,
        secrets: credentials.secrets,
        settings: row.json("settings")?,
        created_at: row.time("created_at")?,
        disabled_at: row.opt_time("disabled_at")?,
    })
}

fn place(id: &str) -> Place<'_> {
    Place { table: "source", row: id, field: "sealed", incident: None }
}
