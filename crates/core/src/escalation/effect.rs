//! What happens to a page, and what follows from it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Place;

/// What happens to a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    Begin,
    /// A channel took the message for a person.
    Sent {
        person: String,
    },
    /// A channel says that the message reached a person.
    Delivered {
        person: String,
    },
    /// No contact of a person took the message.
    Unreachable {
        person: String,
    },
    /// Somebody answers the page.
    Acknowledged {
        by: String,
    },
    /// Somebody took up the incident, not this page.
    IncidentAcknowledged {
        by: String,
    },
    /// The timer of a turn is due.
    TimedOut {
        turn: u32,
    },
    /// A person was disabled or has left.
    Gone {
        person: String,
    },
    /// The incident became SEV1 or SEV2: quiet hours hold no longer.
    BecameUrgent,
    /// There is no need for it any more.
    Withdrawn,
}

/// Why a person was not told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Skip {
    /// Disabled, or no longer there.
    Gone,
    QuietHours,
}

/// What follows; carried out by the engine in the transaction that keeps the page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Tell a person; `times` counts from 1 and is part of the key under which it is sent.
    Tell {
        person: String,
        place: Place,
        times: u32,
    },
    /// Wake the page at an instant; replaces the instant before.
    Wake {
        at: Timestamp,
        turn: u32,
    },
    /// It will not wake by itself any more.
    Rest,
    /// A person was passed over.
    Skipped {
        person: String,
        place: Place,
        why: Skip,
    },
    /// Nobody stands behind a place.
    Empty {
        place: Place,
    },
    /// Nobody can answer at a place any more, or its time is over.
    Expired {
        place: Place,
    },
    /// The page has gone on to a place.
    Escalated {
        to: Place,
    },
    /// All steps have passed.
    Exhausted,
    /// A person has answered; `ends` tells whether the page is over.
    Acknowledged {
        by: String,
        ends: bool,
    },
    Withdrawn,
}
