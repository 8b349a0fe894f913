//! What happens on one connection, and which deadline that sets.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use super::Limits;

/// The state of one connection, told by its socket and its bodies and judged by its watchdog.
#[derive(Debug)]
pub(super) struct Activity {
    state: Mutex<State>,
}

/// What to do with the connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    /// Nothing before this instant.
    LookAgain(Instant),
    /// Close it; the word is the metric's label.
    Close(&'static str),
}

/// What a connection is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Standing {
    /// It has not sent a whole head yet.
    Silent,
    /// It waits between requests.
    Idle,
    /// A request is being answered.
    Busy,
}

#[derive(Debug)]
struct State {
    /// Requests whose answer has not been handed over.
    in_flight: usize,
    /// Since when nothing is in flight.
    idle_since: Instant,
    /// When the first byte of a further head came.
    head_since: Option<Instant>,
    served: bool,
    http2: bool,
    /// Since when the socket takes no more bytes.
    blocked_since: Option<Instant>,
    /// Answers that wait for the client to take what was last given, and since when.
    untaken: Vec<(u64, Instant)>,
    last_answer: u64,
}

impl Activity {
    /// Begins with the connection.
    pub(super) fn new(now: Instant) -> Self {
        let state = State {
            in_flight: 0,
            idle_since: now,
            head_since: None,
            served: false,
            http2: false,
            blocked_since: None,
            untaken: Vec::new(),
            last_answer: 0,
        };
        Self { state: Mutex::new(state) }
    }

    /// Notes that the socket gave bytes.
    pub(super) fn read(&self) {
        let mut state = self.lock();
        if state.in_flight == 0 && state.head_since.is_none() {
            state.head_since = Some(Instant::now());
        }
    }

    /// Notes whether the socket took bytes.
    pub(super) fn wrote(&self, took: bool) {
        let mut state = self.lock();
        if took {
            state.blocked_since = None;
        } else {
            state.blocked_since.get_or_insert_with(Instant::now);
        }
    }

    /// Notes that a head was whole and its request is being answered.
    pub(super) fn request_began(&self, http2: bool) {
        let mut state = self.lock();
        state.in_flight += 1;
        state.served = true;
        state.http2 |= http2;
        state.head_since = None;
    }

    /// Notes that an answer was handed over or given up.
    pub(super) fn request_ended(&self) {
        let mut state = self.lock();
        state.in_flight = state.in_flight.saturating_sub(1);
        if state.in_flight == 0 {
            state.idle_since = Instant::now();
            state.head_since = None;
        }
    }

    /// Returns a number for a new answer.
    pub(super) fn new_answer(&self) -> u64 {
        let mut state = self.lock();
        state.last_answer += 1;
        state.last_answer
    }

    /// Notes whether an answer waits for the client (`true`) or for us.
    pub(super) fn answer_waits(&self, answer: u64, for_client: bool) {
        let mut state = self.lock();
        state.untaken.retain(|(other, _)| *other != answer);
        if for_client {
            state.untaken.push((answer, Instant::now()));
        }
    }

    /// Returns what the connection is doing.
    pub(super) fn standing(&self) -> Standing {
        let state = self.lock();
        match state.in_flight {
            0 if !state.served => Standing::Silent,
            0 => Standing::Idle,
            _ => Standing::Busy,
        }
    }

    /// Returns the nearest deadline, or that one has passed.
    pub(super) fn judge(&self, now: Instant, limits: &Limits) -> Verdict {
        let state = self.lock();
        let mut deadlines = Vec::with_capacity(3);
        if let Some(since) = state.blocked_since {
            deadlines.push((since + limits.stalled, "stalled"));
        }
        if let Some(since) = state.untaken.iter().map(|(_, since)| *since).min() {
            deadlines.push((since + limits.stalled, "stalled"));
        }
        if state.in_flight == 0 {
            deadlines.push(match state.head_since {
                _ if !state.served => (state.idle_since + limits.head, "head"),
                // HTTP/2 sends frames between requests that are no head, such as pings.
                Some(since) if !state.http2 => (since + limits.head, "head"),
                _ => (state.idle_since + limits.idle, "idle"),
            });
        }
        let nearest = deadlines.into_iter().min_by_key(|(at, _)| *at);
        match nearest {
            Some((at, reason)) if at <= now => Verdict::Close(reason),
            _ => {
                // What comes may set a nearer deadline at any time; looking twice per shortest limit costs less
                // than waking the watchdog for every byte.
                let soon = now + limits.head.min(limits.idle).min(limits.stalled) / 2;
                Verdict::LookAgain(nearest.map_or(soon, |(at, _)| at.min(soon)))
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
