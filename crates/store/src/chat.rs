//! Chats: whose account a member is, which room is an incident's, which requests were taken.

use watchfire_core::id::{ChannelId, IncidentId};
use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    PUT_CODE = "INSERT INTO chat_code (hash, login, expires_at) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING";
    DROP_CODES = "DELETE FROM chat_code WHERE login = $1";
    TAKE_CODE = "DELETE FROM chat_code WHERE hash = $1 AND expires_at > $2 RETURNING login";
    LINK = "INSERT INTO chat_link (channel_id, member, login, linked_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (channel_id, member) DO UPDATE SET login = excluded.login, linked_at = excluded.linked_at";
    UNLINK = "DELETE FROM chat_link WHERE login = $1 AND channel_id = $2 AND member = $3";
    WHO = "SELECT login FROM chat_link WHERE channel_id = $1 AND member = $2";
    LINKS_OF = "SELECT channel_id, member, linked_at FROM chat_link WHERE login = $1 ORDER BY linked_at, member LIMIT 100";
    SEE = "INSERT INTO chat_seen (hash, expires_at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING";
    EXPIRE_SEEN = "DELETE FROM chat_seen WHERE expires_at <= $1";
    EXPIRE_CODES = "DELETE FROM chat_code WHERE expires_at <= $1";
    PUT_ROOM = "INSERT INTO incident_room (incident_id, channel_id, room, opened_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (incident_id, channel_id) DO UPDATE SET room = excluded.room, opened_at = excluded.opened_at";
    ROOM_OF = "SELECT room FROM incident_room WHERE incident_id = $1 AND channel_id = $2";
    ROOMS_OF = "SELECT * FROM incident_room WHERE incident_id = $1 ORDER BY opened_at, channel_id LIMIT 100";
    LIVE_ROOMS = "SELECT r.* FROM incident_room r JOIN incident i ON i.id = r.incident_id
        WHERE i.closed_at IS NULL AND i.merged_into IS NULL ORDER BY r.opened_at, r.channel_id, r.incident_id LIMIT 500";
    SET_MEMBERS = "UPDATE incident_room SET members = $3 WHERE incident_id = $1 AND channel_id = $2";
    ROOMLESS = "SELECT i.id FROM incident i WHERE i.visibility = 'open' AND i.sensitivity = 'normal'
        AND i.phase IN ('declared', 'contained', 'eradicated', 'recovered') AND i.declared_at >= $2
        AND NOT EXISTS (SELECT 1 FROM incident_room r WHERE r.incident_id = i.id AND r.channel_id = $1)
        ORDER BY i.id LIMIT 20";
    READERS = "SELECT DISTINCT l.member FROM chat_link l JOIN incident_reader p ON p.login = l.login
        WHERE p.incident_id = $1 AND l.channel_id = $2 ORDER BY l.member LIMIT 500";
    INCIDENT_OF = "SELECT incident_id FROM incident_room WHERE channel_id = $1 AND room = $2 LIMIT 1";
}

/// A member of a chat who is a person here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    pub channel: ChannelId,
    pub member: String,
    pub linked_at: Timestamp,
}

/// Where an incident's people talk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Room {
    pub incident: IncidentId,
    pub channel: ChannelId,
    /// The chat's own id of it, or the address to join.
    pub room: String,
    /// Members whom we have invited.
    pub members: Vec<String>,
    pub opened_at: Timestamp,
}

/// Keeps a code that links a chat account to a login, in place of the login's earlier ones.
///
/// # Errors
/// What the database answers.
pub async fn put_code(tx: &mut Tx, hash: [u8; 32], login: &str, expires_at: Timestamp) -> Result<(), Error> {
    tx.execute(&DROP_CODES, args![login]).await?;
    tx.execute(&PUT_CODE, args![hash, login, expires_at]).await.map(drop)
}

/// Uses a code up and returns whose it was; `None` if there is none, or it has expired.
///
/// # Errors
/// What the database answers.
pub async fn take_code(tx: &mut Tx, hash: [u8; 32]) -> Result<Option<String>, Error> {
    let now = tx.now();
    tx.first(&TAKE_CODE, args![hash, now]).await?.map(|row| row.text("login")).transpose()
}

/// Says whose account a member is.
///
/// # Errors
/// What the database answers.
pub async fn link(tx: &mut Tx, channel: ChannelId, member: &str, login: &str) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(&LINK, args![channel, member, login, now]).await.map(drop)
}

/// Ends a link. Returns `false` if the login has none.
///
/// # Errors
/// What the database answers.
pub async fn unlink(tx: &mut Tx, login: &str, channel: ChannelId, member: &str) -> Result<bool, Error> {
    Ok(tx.execute(&UNLINK, args![login, channel, member]).await? > 0)
}

/// Returns whose account a member is.
///
/// # Errors
/// What the database answers.
pub async fn login_of(conn: &mut Conn, channel: ChannelId, member: &str) -> Result<Option<String>, Error> {
    conn.first(&WHO, args![channel, member]).await?.map(|row| row.text("login")).transpose()
}

/// Returns the chat accounts of a login, at most 100.
///
/// # Errors
/// What the database answers.
pub async fn links_of(conn: &mut Conn, login: &str) -> Result<Vec<Link>, Error> {
    let rows = conn.fetch(&LINKS_OF, args![login]).await?;
    rows.iter()
        .map(|row| Ok(Link { channel: row.id("channel_id")?, member: row.text("member")?, linked_at: row.time("linked_at")? }))
        .collect()
}

/// Notes that a request was taken. Returns `false` if it was before: a replay.
///
/// # Errors
/// What the database answers.
pub async fn see(tx: &mut Tx, hash: [u8; 32], expires_at: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(&SEE, args![hash, expires_at]).await? > 0)
}

/// Forgets what has expired.
///
/// # Errors
/// What the database answers.
pub async fn expire(tx: &mut Tx) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(&EXPIRE_SEEN, args![now]).await?;
    tx.execute(&EXPIRE_CODES, args![now]).await.map(drop)
}

/// Says which room on a channel is an incident's.
///
/// # Errors
/// What the database answers.
pub async fn put_room(tx: &mut Tx, incident: IncidentId, channel: ChannelId, room: &str) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(&PUT_ROOM, args![incident, channel, room, now]).await.map(drop)
}

/// Returns an incident's room on a channel.
///
/// # Errors
/// What the database answers.
pub async fn room_of(conn: &mut Conn, incident: IncidentId, channel: ChannelId) -> Result<Option<String>, Error> {
    conn.first(&ROOM_OF, args![incident, channel]).await?.map(|row| row.text("room")).transpose()
}

/// Returns all rooms of an incident, oldest first.
///
/// # Errors
/// What the database answers.
pub async fn rooms_of(conn: &mut Conn, incident: IncidentId) -> Result<Vec<Room>, Error> {
    conn.fetch(&ROOMS_OF, args![incident]).await?.iter().map(room).collect()
}

/// Returns the rooms of incidents that are not closed, oldest first, at most 500.
///
/// # Errors
/// What the database answers.
pub async fn live_rooms(conn: &mut Conn) -> Result<Vec<Room>, Error> {
    conn.fetch(&LIVE_ROOMS, Vec::new()).await?.iter().map(room).collect()
}

/// Keeps whom we have invited.
///
/// # Errors
/// What the database answers.
pub async fn set_members(tx: &mut Tx, incident: IncidentId, channel: ChannelId, members: &[String]) -> Result<(), Error> {
    let members = serde_json::to_string(members).map_err(Error::damaged)?;
    tx.execute(&SET_MEMBERS, args![incident, channel, members]).await.map(drop)
}

/// Returns open incidents that everybody may know of, declared since an instant, without a room on a channel; at most 20.
///
/// # Errors
/// What the database answers.
pub async fn roomless(conn: &mut Conn, channel: ChannelId, since: Timestamp) -> Result<Vec<IncidentId>, Error> {
    conn.fetch(&ROOMLESS, args![channel, since]).await?.iter().map(|row| row.id("id")).collect()
}

/// Returns the members of a chat who are on an incident: holders of roles, and those with a grant.
///
/// # Errors
/// What the database answers.
pub async fn readers(conn: &mut Conn, incident: IncidentId, channel: ChannelId) -> Result<Vec<String>, Error> {
    conn.fetch(&READERS, args![incident, channel]).await?.iter().map(|row| row.text("member")).collect()
}

fn room(row: &crate::db::Row) -> Result<Room, Error> {
    Ok(Room {
        incident: row.id("incident_id")?,
        channel: row.id("channel_id")?,
        room: row.text("room")?,
        members: row.json("members")?,
        opened_at: row.time("opened_at")?,
    })
}

/// Returns whose room a room is.
///
/// # Errors
/// What the database answers.
pub async fn incident_of(conn: &mut Conn, channel: ChannelId, room: &str) -> Result<Option<IncidentId>, Error> {
    conn.first(&INCIDENT_OF, args![channel, room]).await?.map(|row| row.id("incident_id")).transpose()
}
