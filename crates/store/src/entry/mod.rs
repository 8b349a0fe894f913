//! The record: append-only entries with the leaves that seals cover.

mod append;
mod read;
mod verify;

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use watchfire_core::access::Scope;
use watchfire_core::actor::Actor;
use watchfire_core::id::{AlertId, EntryId, EventId, IncidentId};
use watchfire_core::incident::Visibility;
use watchfire_core::time::Timestamp;

pub(crate) use append::append;
pub use read::{after, head, list};
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

/// An entry for live views, with who may see it.
#[derive(Clone, PartialEq, Debug)]
pub struct Live {
    pub entry: Entry,
    pub audience: Audience,
}

/// Who may see an entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Audience {
    /// The visibility of its incident, or of the incidents of its alert (open if one of them is); `None` if it
    /// belongs to none.
    pub visibility: Option<Visibility>,
    /// Who is on those incidents.
    pub people: Vec<String>,
}

impl Audience {
    /// Tells whether a scope shows the entry: the same answer as [`list`] gives.
    pub fn includes(&self, scope: &Scope) -> bool {
        let open = self.visibility != Some(Visibility::Restricted);
        (scope.sees_restricted() && scope.sees_open())
            || (scope.sees_open() && open)
            || self.people.iter().any(|login| login == scope.login())
    }
}
