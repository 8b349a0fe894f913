//! Entries of the record.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use watchfire_core::actor::Actor;
use watchfire_core::id::{AlertId, EntryId, EventId, IncidentId};
use watchfire_core::text::hex;
use watchfire_engine::{Entry, Page};

use super::At;

/// Who stands behind a change.
#[derive(Serialize, ToSchema)]
#[schema(as = Actor)]
pub(crate) struct ActorDocument {
    /// person, service, source or machine
    kind: &'static str,
    id: String,
}

/// One line of the record: append-only, never changed.
#[derive(Serialize, ToSchema)]
#[schema(as = Entry)]
pub(crate) struct EntryDocument {
    /// Its place in the record.
    seq: i64,
    /// Its place within the incident, counted from 1.
    incident_seq: Option<i64>,
    #[schema(value_type = String, format = "uuid")]
    id: EntryId,
    /// When it was written.
    recorded_at: At,
    /// When it happened.
    occurred_at: At,
    /// When we learned of it.
    known_at: At,
    actor: ActorDocument,
    /// Noun, dot, what happened to it: `incident.noted`.
    kind: String,
    #[schema(value_type = Option<String>, format = "uuid")]
    incident: Option<IncidentId>,
    #[schema(value_type = Option<String>, format = "uuid")]
    alert: Option<AlertId>,
    #[schema(value_type = Option<String>, format = "uuid")]
    event: Option<EventId>,
    /// The version of the plans in force then.
    plan_version: String,
    /// The sequence number of the entry that this one corrects.
    corrects: Option<i64>,
    /// What stands in the record in the clear.
    #[schema(value_type = Object)]
    public: Map<String, Value>,
    /// What people wrote; in the record it stands as a commitment. Null where it was erased.
    confidential: BTreeMap<String, Option<String>>,
    /// SHA-256 in hex: the leaf hash of RFC 6962.
    leaf_hash: String,
}

/// One page of entries, the newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct EntryPage {
    items: Vec<EntryDocument>,
    next: Option<String>,
}

/// A part of an incident's timeline, the oldest first. `next` is the sequence number for `after`; null at the end.
#[derive(Serialize, ToSchema)]
pub(crate) struct TimelineDocument {
    items: Vec<EntryDocument>,
    next: Option<String>,
}

impl From<Actor> for ActorDocument {
    fn from(actor: Actor) -> Self {
        Self { kind: actor.kind(), id: actor.id().to_owned() }
    }
}

impl From<Entry> for EntryDocument {
    fn from(entry: Entry) -> Self {
        Self {
            seq: entry.seq,
            incident_seq: entry.incident_seq,
            id: entry.id,
            recorded_at: At(entry.recorded_at),
            occurred_at: At(entry.occurred_at),
            known_at: At(entry.known_at),
            actor: entry.actor.into(),
            kind: entry.kind,
            incident: entry.incident,
            alert: entry.alert,
            event: entry.event,
            plan_version: entry.plan_version,
            corrects: entry.corrects,
            public: entry.public,
            confidential: entry.confidential,
            leaf_hash: hex(&entry.leaf_hash),
        }
    }
}

impl From<Page<Entry>> for EntryPage {
    fn from(page: Page<Entry>) -> Self {
        Self { items: page.items.into_iter().map(EntryDocument::from).collect(), next: page.next }
    }
}

impl TimelineDocument {
    /// Makes the document; a full page has a next one.
    pub(crate) fn of(entries: Vec<Entry>, limit: usize) -> Self {
        let last = entries.last().filter(|_| entries.len() >= limit).map(|entry| entry.seq.to_string());
        Self { items: entries.into_iter().map(EntryDocument::from).collect(), next: last }
    }
}
