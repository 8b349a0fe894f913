//! Keeps a channel that fails or hangs from taking everybody's places.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use watchfire_core::id::ChannelId;

/// Messages that one channel sends at once.
const AT_ONCE: usize = 4;
/// Failures in a row after which a channel is left alone.
const FAILURES: u32 = 5;
/// How long it is left alone before one message may try again.
const OPEN: SignedDuration = SignedDuration::from_secs(30);
/// When a message looks again whether its channel has a place.
const BUSY: SignedDuration = SignedDuration::from_secs(1);

/// One breaker per channel, on this node.
#[derive(Default)]
pub(crate) struct Breakers(Mutex<HashMap<ChannelId, Breaker>>);

#[derive(Clone, Copy, Default, Debug)]
struct Breaker {
    sending: usize,
    failures: u32,
    /// While it is open nothing is sent; after it one message tries.
    open_until: Option<Timestamp>,
}

/// Whether a message may be sent now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// Taken; [`Breakers::left`] gives it back.
    Taken,
    /// Not before this instant.
    NotBefore(Timestamp),
}

impl Breakers {
    /// Takes a place to send through a channel.
    pub(super) fn enter(&self, channel: ChannelId, now: Timestamp) -> Place {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let breaker = all.entry(channel).or_default();
        let later = |by: SignedDuration| Place::NotBefore(now.checked_add(by).unwrap_or(now));
        match breaker.open_until {
            Some(until) if now < until => Place::NotBefore(until),
            // Half open: one at a time finds out.
            Some(_) if breaker.sending > 0 => later(BUSY),
            _ if breaker.sending >= AT_ONCE => later(BUSY),
            _ => {
                breaker.sending += 1;
                Place::Taken
            }
        }
    }

    /// Gives a place back and says whether the channel answered.
    pub(super) fn left(&self, channel: ChannelId, now: Timestamp, answered: bool) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let breaker = all.entry(channel).or_default();
        breaker.sending = breaker.sending.saturating_sub(1);
        if answered {
            breaker.failures = 0;
            breaker.open_until = None;
        } else {
            breaker.failures = breaker.failures.saturating_add(1);
            if breaker.failures >= FAILURES {
                breaker.open_until = Some(now.checked_add(OPEN).unwrap_or(now));
            }
        }
    }

    /// Returns how often in a row a channel has failed, and until when it is left alone.
    pub(super) fn state(&self, channel: ChannelId) -> (u32, Option<Timestamp>) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&channel).map_or((0, None), |breaker| (breaker.failures, breaker.open_until))
    }
}

#[cfg(test)]
mod tests {
    use watchfire_core::time::from_micros;

    use super::*;

    fn at(second: i64) -> Timestamp {
        from_micros((1_800_000_000 + second) * 1_000_000)
    }

    fn channel(number: u64) -> ChannelId {
        ChannelId::from_parts(number, [0; 10])
    }

    #[test]
    fn a_channel_sends_four_at_once_and_others_do_not_wait_for_it() {
        let breakers = Breakers::default();
        for _ in 0..4 {
            assert_eq!(breakers.enter(channel(1), at(0)), Place::Taken);
        }
        assert_eq!(breakers.enter(channel(1), at(0)), Place::NotBefore(at(1)));
        assert_eq!(breakers.enter(channel(2), at(0)), Place::Taken);
        breakers.left(channel(1), at(0), true);
        assert_eq!(breakers.enter(channel(1), at(0)), Place::Taken);
    }

    #[test]
    fn after_five_failures_in_a_row_one_message_tries_after_half_a_minute() {
        let breakers = Breakers::default();
        for failure in 0..5 {
            assert_eq!(breakers.enter(channel(1), at(failure)), Place::Taken);
            breakers.left(channel(1), at(failure), false);
        }
        assert_eq!(breakers.enter(channel(1), at(5)), Place::NotBefore(at(34)));
        assert_eq!(breakers.enter(channel(1), at(34)), Place::Taken);
        assert_eq!(breakers.enter(channel(1), at(34)), Place::NotBefore(at(35)), "one at a time finds out");
        breakers.left(channel(1), at(34), false);
        assert_eq!(breakers.enter(channel(1), at(35)), Place::NotBefore(at(64)));
        assert_eq!(breakers.enter(channel(1), at(64)), Place::Taken);
        breakers.left(channel(1), at(64), true);
        assert_eq!(breakers.state(channel(1)), (0, None));
        assert_eq!(breakers.enter(channel(1), at(64)), Place::Taken);
        assert_eq!(breakers.enter(channel(1), at(64)), Place::Taken);
    }

    #[test]
    fn a_success_in_between_begins_the_count_anew() {
        let breakers = Breakers::default();
        for failure in [false, false, false, false, true, false, false, false, false] {
            assert_eq!(breakers.enter(channel(1), at(0)), Place::Taken);
            breakers.left(channel(1), at(0), failure);
        }
        assert_eq!(breakers.state(channel(1)).1, None);
    }
}
