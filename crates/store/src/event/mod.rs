//! Events: bytes as received, kept verbatim and sealed.

mod append;
mod body;
mod read;
mod settle;
mod sweep;

use bytes::Bytes;
use watchfire_core::event::Status;
use watchfire_core::id::{EventId, SourceId};
use watchfire_core::source::Headers;
use watchfire_core::time::Timestamp;

pub(crate) use append::append;
pub(crate) use body::{Prepared, prepare};
pub use read::{Filter, Share, get, list, pending, shown};
pub use settle::{Settled, requeue, settle};
pub use sweep::sweep_blobs;

#[cfg(test)]
pub(crate) const STATEMENTS: &[&[(&str, crate::statements::Sql)]] = &[append::ALL, read::ALL, settle::ALL, sweep::ALL];

/// An event to be kept.
#[derive(Clone, Debug)]
pub struct NewEvent {
    pub id: EventId,
    pub source: SourceId,
    pub received_at: Timestamp,
    /// How far it can be believed: the word of [`watchfire_core::source::Trust`].
    pub trust: String,
    /// The sender's own id of the delivery; the same again is the same event.
    pub delivery_id: Option<String>,
    /// Without credentials: they must never be stored.
    pub headers: Headers,
    pub body: Bytes,
    /// [`Status::Pending`], or [`Status::Quarantined`] with a reason.
    pub status: Status,
    pub reason: Option<String>,
}

/// Where an event was kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Appended {
    pub id: EventId,
    pub seq: i64,
    /// The delivery was known already; id and number are those of the first.
    pub duplicate: bool,
}

/// An event as kept, without its contents.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    pub id: EventId,
    /// Grows with the order of arrival; with several nodes there may be gaps.
    pub seq: i64,
    pub source: SourceId,
    /// Empty if the source no longer exists.
    pub source_name: String,
    pub source_kind: String,
    pub received_at: Timestamp,
    pub trust: String,
    pub delivery_id: Option<String>,
    pub status: Status,
    /// Why it is in quarantine.
    pub reason: Option<String>,
    /// Why there was nothing to alert about.
    pub remark: Option<String>,
    /// How many alerts it spoke of.
    pub alerts: i64,
    /// Bytes of the body.
    pub size: i64,
}

/// An event with its contents opened.
#[derive(Clone, Debug)]
pub struct Opened {
    pub event: Event,
    pub headers: Headers,
    pub body: Bytes,
}
