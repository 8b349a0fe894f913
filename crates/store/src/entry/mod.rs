//! The record: append-only entries with the leaves that seals cover.

mod append;
mod read;
mod verify;

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use watchfire_core::actor::Actor;
use watchfire_core::id::{AlertId, EntryId, EventId, IncidentId};
use watchfire_core::time::Timestamp;

pub(crate) use append::append;
pub use read::{any_of_kinds, head, list, newest_after};
pub use verify::{Verified, verify};

#[cfg(test)]
pub(crate) const STATEMENTS: &[&[(&str, crate::statements::Sql)]] = &[append::ALL, read::ALL, verify::ALL];

/// One line of the record.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// Counts from 1 without gaps over the whole installation, in the order of the commits.
    pub seq: i64,
    pub id: EntryId,
    /// Counts from 1 without gaps within the incident.
    pub incident_seq: Option<i64>,
    pub recorded_at: Timestamp,
    pub occurred_at: Timestamp,
    pub known_at: Timestamp,
    pub actor: Actor,
    pub kind: String,
    pub incident: Option<IncidentId>,
    pub alert: Option<AlertId>,
    pub event: Option<EventId>,
    pub plan_version: String,
    /// The entry that this one corrects.
    pub corrects: Option<i64>,
    pub public: Map<String, Value>,
    /// What people wrote, by field; `None` where it was erased.
    pub confidential: BTreeMap<String, Option<String>>,
    /// The canonical JSON that seals cover.
    pub leaf: String,
    pub leaf_hash: [u8; 32],
}

/// Which entries a list shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    pub incident: Option<IncidentId>,
    pub alert: Option<AlertId>,
    /// Exact kinds; empty is all.
    pub kinds: Vec<String>,
    /// Who did it: the actor's name within its kind.
    pub actor: Option<String>,
    /// Those recorded from this instant on.
    pub from: Option<Timestamp>,
    /// Those recorded before this instant.
    pub until: Option<Timestamp>,
    /// Those after this number, oldest first.
    pub after: Option<i64>,
    /// Those before this number, newest first. With neither, newest first.
    pub before: Option<i64>,
}
