//! How an observation changes an alert.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Observation, Signal, Status};

/// The part of an alert that decides what the next observation means.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Current {
    pub status: Status,
    /// Counts from 1; firing again after resolved is a new episode of the same alert.
    pub episode: i64,
    /// Observations so far.
    pub count: i64,
    /// When this episode began, by the sender's clock or else ours.
    pub occurred_at: Timestamp,
    /// When the last episode ended.
    pub ended_at: Option<Timestamp>,
    /// When the status last changed, by our clock.
    pub changed_at: Timestamp,
    /// The last changes between firing and resolved, newest last; at most [`Flapping::KEEP`].
    pub turns: Vec<Timestamp>,
    /// It goes back and forth; while it does, it raises nothing new.
    pub flapping: bool,
    /// When the last incident that it belonged to ended while it still fired; `None` while one is open, or none ever was.
    pub settled_at: Option<Timestamp>,
    /// A person has acknowledged it here, and its sender has not since: its sender does not take that back.
    pub acknowledged_here: bool,
}

impl Current {
    /// Tells whether nothing is known but an end: the resolve overtook its fire, or there never was one.
    pub fn is_end_alone(&self) -> bool {
        self.status == Status::Resolved && self.episode == 1 && self.turns.is_empty()
    }
}

/// What an observation did to its alert.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A new alert that fires, or a known one that fires once more in the same episode.
    Fired,
    /// A known alert fires again after it was resolved: a new episode.
    FiredAgain,
    /// It still fires, and is worse than it was.
    Worsened,
    /// Nothing new: it still is as it was.
    Repeated,
    Acknowledged,
    Resolved,
    /// The sender can no longer tell.
    BecameUnknown,
    /// Words only.
    Noted,
    /// It speaks of an episode that is over; kept as a receipt.
    Stale,
}

impl Change {
    /// Tells whether the plans decide anew what comes of the alert.
    pub fn raises(self) -> bool {
        matches!(self, Self::Fired | Self::FiredAgain | Self::Worsened)
    }
}

/// When an alert counts as flapping: `turns` changes between firing and resolved within `within_seconds`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flapping {
    pub turns: u32,
    pub within_seconds: i64,
}

impl Flapping {
    /// How many turns are kept at most.
    pub const KEEP: usize = 20;
}

impl Default for Flapping {
    fn default() -> Self {
        Self { turns: 6, within_seconds: 600 }
    }
}

/// Folds an observation into what is known of its alert; `current` is `None` for a key never seen.
///
/// What began after the incident about it had ended is a new episode, also where the sender never says that the first is over,
/// as streams of events do not. A sender that keeps the old beginning repeats what was judged already.
///
/// A resolve that arrives before its fire wins: a fire that began no later than the known end is stale. A sender
/// without times is taken by order of arrival. A plain repeat keeps an acknowledgement; only [`Signal::Reopened`] and
/// [`Signal::Unacknowledged`] take one back, and only the sender's own.
pub fn apply(current: Option<&Current>, observation: &Observation, now: Timestamp, flapping: Flapping) -> (Current, Change) {
    let Some(known) = current else {
        return begin(observation, now);
    };
    let mut next = known.clone();
    next.count = next.count.saturating_add(1);
    let change = match observation.signal {
        Signal::Note => Change::Noted,
        Signal::Firing => fire(&mut next, observation, now),
        Signal::Reopened | Signal::Unacknowledged if known.status == Status::Acknowledged => take_back(&mut next),
        Signal::Reopened => fire(&mut next, observation, now),
        Signal::Unacknowledged => Change::Repeated,
        Signal::Acknowledged if known.status == Status::Firing => {
            next.status = Status::Acknowledged;
            next.acknowledged_here = false;
            Change::Acknowledged
        }
        Signal::Acknowledged => {
            // What its sender has put aside too, its sender may take back.
            next.acknowledged_here = false;
            Change::Repeated
        }
        Signal::Unknown if known.status == Status::Unknown || known.status == Status::Resolved => Change::Repeated,
        Signal::Unknown => {
            next.status = Status::Unknown;
            Change::BecameUnknown
        }
        Signal::Resolved => resolve(&mut next, observation, now),
    };
    if next.status != known.status || change == Change::FiredAgain {
        next.changed_at = now;
        next.acknowledged_here &= next.status != Status::Firing;
    }
    if matches!(change, Change::FiredAgain | Change::Resolved) {
        next.turns.push(now);
        let surplus = next.turns.len().saturating_sub(Flapping::KEEP);
        next.turns.drain(..surplus);
    }
    let recent = next.turns.iter().filter(|turn| now.as_second().saturating_sub(turn.as_second()) < flapping.within_seconds);
    next.flapping = recent.count() >= flapping.turns as usize && flapping.turns > 0;
    (next, change)
}

fn begin(observation: &Observation, now: Timestamp) -> (Current, Change) {
    let (status, change) = match observation.signal {
        Signal::Firing | Signal::Reopened => (Status::Firing, Change::Fired),
        Signal::Acknowledged => (Status::Acknowledged, Change::Acknowledged),
        Signal::Resolved => (Status::Resolved, Change::Resolved),
        Signal::Unknown => (Status::Unknown, Change::BecameUnknown),
        Signal::Note | Signal::Unacknowledged => (Status::Unknown, Change::Noted),
    };
    let occurred_at = observation.occurred_at.unwrap_or(now);
    let ended_at = (status == Status::Resolved).then(|| observation.ended_at.unwrap_or(now));
    let current = Current {
        status,
        episode: 1,
        count: 1,
        occurred_at,
        ended_at,
        changed_at: now,
        turns: Vec::new(),
        flapping: false,
        settled_at: None,
        acknowledged_here: false,
    };
    (current, change)
}

fn fire(next: &mut Current, observation: &Observation, now: Timestamp) -> Change {
    match next.status {
        Status::Firing | Status::Acknowledged => {
            let settled = next.settled_at.is_some_and(|over| observation.occurred_at.is_none_or(|began| began > over));
            if settled { again(next, observation, now) } else { Change::Repeated }
        }
        Status::Unknown => {
            next.status = Status::Firing;
            Change::Fired
        }
        Status::Resolved => {
            let over = observation.occurred_at.is_some_and(|began| next.ended_at.is_some_and(|ended| began <= ended));
            if over && !observation.ordered_by_arrival {
                // A new episode of a sender that keeps the old beginning still carries a later one than the old end;
                // what began before the end that we know of is the same episode, come late.
                return Change::Stale;
            }
            again(next, observation, now)
        }
    }
}

fn again(next: &mut Current, observation: &Observation, now: Timestamp) -> Change {
    next.status = Status::Firing;
    next.episode = next.episode.saturating_add(1);
    next.occurred_at = observation.occurred_at.unwrap_or(now);
    next.settled_at = None;
    Change::FiredAgain
}

/// A sender takes back its own word; what a person has in hand here stays so.
fn take_back(next: &mut Current) -> Change {
    if next.acknowledged_here {
        return Change::Repeated;
    }
    next.status = Status::Firing;
    Change::Fired
}

fn resolve(next: &mut Current, observation: &Observation, now: Timestamp) -> Change {
    if next.status == Status::Resolved {
        return Change::Repeated;
    }
    let ended = observation.ended_at.unwrap_or(now);
    if observation.ended_at.is_some() && ended < next.occurred_at {
        return Change::Stale;
    }
    next.status = Status::Resolved;
    next.ended_at = Some(ended);
    Change::Resolved
}
