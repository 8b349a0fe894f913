//! Configured channels: their settings sealed, their trust in the open.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use watchfire_core::channel::{ChannelTrust, Settings};
use watchfire_core::id::ChannelId;
use watchfire_core::time::Timestamp;
use zeroize::Zeroizing;

use crate::args::{Value, args};
use crate::db::Row;
use crate::keys::Place;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    INSERT = "INSERT INTO channel (id, kind, name, trust, sealed, created_at, changed_at, disabled_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (name) DO NOTHING";
    UPDATE = "UPDATE channel SET kind = $2, name = $3, trust = $4, sealed = $5, created_at = $6, changed_at = $7,
        disabled_at = $8 WHERE id = $1";
    NAMED = "SELECT id FROM channel WHERE name = $1 AND id <> $2";
    FIND = "SELECT * FROM channel WHERE id = $1 OR name = $1 ORDER BY id LIMIT 1";
    ALL_CHANNELS = "SELECT * FROM channel ORDER BY name LIMIT 1000";
}

/// A configured channel with its settings opened: for sending through it and for changing it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Channel {
    pub id: ChannelId,
    pub kind: String,
    /// Unique in the installation.
    pub name: String,
    pub trust: ChannelTrust,
    /// Why it is not trusted, as a person wrote it; empty while it is.
    pub trust_reason: String,
    /// Secrets included; their debug form shows names alone.
    pub settings: Settings,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    settings: BTreeMap<String, String>,
    trust_reason: String,
}

/// Stores a new channel.
///
/// # Errors
/// [`Error::NameTaken`] if another one has the name.
pub async fn insert(tx: &mut Tx, channel: &Channel) -> Result<(), Error> {
    let args = columns(tx, channel).await?;
    if tx.execute(&INSERT, args).await? == 0 { Err(Error::NameTaken) } else { Ok(()) }
}

/// Saves a changed channel. Returns `false` if there is none.
///
/// # Errors
/// [`Error::NameTaken`] if another one has the name.
pub async fn update(tx: &mut Tx, channel: &Channel) -> Result<bool, Error> {
    if tx.first(&NAMED, args![&channel.name, channel.id]).await?.is_some() {
        return Err(Error::NameTaken);
    }
    let args = columns(tx, channel).await?;
    Ok(tx.execute(&UPDATE, args).await? > 0)
}

/// Returns a channel by id or name.
///
/// # Errors
/// What the database answers.
pub async fn find(conn: &mut Conn, id_or_name: &str) -> Result<Option<Channel>, Error> {
    match conn.first(&FIND, args![id_or_name]).await? {
        Some(row) => channel(conn, &row).await.map(Some),
        None => Ok(None),
    }
}

/// Returns all channels in order of name, disabled ones too.
///
/// # Errors
/// What the database answers.
pub async fn list(conn: &mut Conn) -> Result<Vec<Channel>, Error> {
    let rows = conn.fetch(&ALL_CHANNELS, Vec::new()).await?;
    let mut channels = Vec::with_capacity(rows.len());
    for row in &rows {
        channels.push(channel(conn, row).await?);
    }
    Ok(channels)
}

async fn columns(tx: &mut Tx, channel: &Channel) -> Result<Vec<Value>, Error> {
    let id = channel.id.to_string();
    let settings = channel.settings.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let sealed = Sealed { settings, trust_reason: channel.trust_reason.clone() };
    let plain = Zeroizing::new(serde_json::to_vec(&sealed).map_err(Error::damaged)?);
    let sealed = tx.seal(&place(&id), &plain).await?;
    Ok(args![
        &id,
        &channel.kind,
        &channel.name,
        channel.trust.as_str(),
        sealed,
        channel.created_at,
        channel.changed_at,
        channel.disabled_at
    ])
}

async fn channel(conn: &mut Conn, row: &Row) -> Result<Channel, Error> {
    let plain = Zeroizing::new(conn.open(&place(&row.text("id")?), &row.blob("sealed")?).await?);
    let sealed: Sealed = serde_json::from_slice(&plain).map_err(|_| Error::damaged("a channel's settings"))?;
    Ok(Channel {
        id: row.id("id")?,
        kind: row.text("kind")?,
        name: row.text("name")?,
        trust: row.text("trust")?.parse().map_err(Error::damaged)?,
        trust_reason: sealed.trust_reason,
        settings: sealed.settings.into_iter().collect(),
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
        disabled_at: row.opt_time("disabled_at")?,
    })
}

fn place(id: &str) -> Place<'_> {
    Place { table: "channel", row: id, field: "sealed", incident: None }
}
