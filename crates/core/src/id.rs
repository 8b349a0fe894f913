//! Typed identifiers.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// Identifies one object of kind `K`: a UUIDv7, so that ids sort by time of creation.
///
/// The text form is the hyphenated lower-case UUID, in JSON and in the database alike.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

/// Names the kinds that ids tell apart; each is never constructed.
pub mod kind {
    /// Bytes as received.
    pub enum Event {}
    /// A normalised event with a dedup key.
    pub enum Alert {}
    /// What people work on.
    pub enum Incident {}
    /// Who sends events.
    pub enum Source {}
    /// A piece of work with an owner.
    pub enum Task {}
    /// A credential of a person or a service.
    pub enum Token {}
    /// One line of the record.
    pub enum Entry {}
    /// A configured way to reach people.
    pub enum Channel {}
    /// One version of a status update.
    pub enum Update {}
    /// One escalation under one policy.
    pub enum Page {}
    /// A way to reach a person.
    pub enum Contact {}
    /// One telling of one person through one contact.
    pub enum Attempt {}
}

pub type EventId = Id<kind::Event>;
pub type AlertId = Id<kind::Alert>;
pub type IncidentId = Id<kind::Incident>;
pub type SourceId = Id<kind::Source>;
pub type TaskId = Id<kind::Task>;
pub type TokenId = Id<kind::Token>;
pub type EntryId = Id<kind::Entry>;
pub type ChannelId = Id<kind::Channel>;
pub type UpdateId = Id<kind::Update>;
pub type PageId = Id<kind::Page>;
pub type ContactId = Id<kind::Contact>;
pub type AttemptId = Id<kind::Attempt>;

impl<K> Id<K> {
    /// Builds an id from the instant it is made at (milliseconds since 1970) and ten random bytes.
    pub fn from_parts(unix_ms: u64, random: [u8; 10]) -> Self {
        Self(uuid::Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid(), PhantomData)
    }

    /// Wraps an existing UUID, for reading what the store holds.
    pub fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// Returns the UUID inside.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<K> FromStr for Id<K> {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(Uuid::try_parse(text)?, PhantomData))
    }
}
impl<K> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}
impl<'de, K> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
