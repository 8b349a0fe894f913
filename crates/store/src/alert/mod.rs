//! Alerts: what a source says, as it stands now.

mod count;
mod held;
mod read;
mod receipt;
mod row;
mod save;
mod settle;

use watchfire_core::Severity;
use watchfire_core::alert::{Current, DedupKey, Labels, Status};
use watchfire_core::id::{AlertId, EventId, IncidentId, SourceId};
use watchfire_core::incident::Class;
use watchfire_core::time::Timestamp;

pub use count::counts;
pub use held::held;
pub use read::{by_groups, by_keys, get, incidents_of, list, of_event, of_incident, open_in_snapshot, representatives};
pub use receipt::{Receipt, add_receipts, receipts, receipts_of_event};
pub use save::save;
pub use settle::{settle, unsettle};

#[cfg(test)]
pub(crate) const STATEMENTS: &[&[(&str, crate::statements::Sql)]] = &[held::ALL, read::ALL, receipt::ALL, save::ALL, settle::ALL];

/// An alert as it stands. What the sender wrote is sealed at rest; keys and states are not.
#[derive(Clone, PartialEq, Debug)]
pub struct Alert {
    pub id: AlertId,
    pub source_id: SourceId,
    /// Read with the alert, never saved with it; empty if the source no longer exists.
    pub source_name: String,
    pub source_kind: String,
    pub dedup_key: DedupKey,
    /// The hash of the sender's group, see [`watchfire_core::alert::Observation::group`].
    pub group: Option<String>,
    pub speaks_for_group: bool,
    pub current: Current,
    pub title: String,
    pub description: String,
    pub severity: Option<Severity>,
    pub source_severity: Option<String>,
    pub class: Option<Class>,
    pub resource: Option<String>,
    pub link: Option<String>,
    pub labels: Labels,
    pub sample: bool,
    pub first_event: EventId,
    /// The last event that spoke of it.
    pub event: EventId,
    pub first_seen_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// The report that knows it, see [`watchfire_core::source::Snapshot`].
    pub snapshot_scope: Option<String>,
    pub team: String,
    /// The routing rule that matched it; empty before triage.
    pub rule: String,
    /// The silence or maintenance window that keeps it quiet.
    pub suppressed_by: Option<String>,
    pub acknowledged_by: Option<String>,
    /// Zero for an alert that was never saved; the store counts it up with each save.
    pub version: i64,
}

/// Which alerts a list shows; empty is all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    pub statuses: Vec<Status>,
    pub severities: Vec<Severity>,
    pub source: Option<SourceId>,
    pub team: Option<String>,
    pub incident: Option<IncidentId>,
    /// Looked for in title, resource, dedup key and labels, without regard to case.
    pub text: Option<String>,
}
