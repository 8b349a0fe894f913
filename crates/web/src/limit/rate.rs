//! How often a sender may come.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use http::StatusCode;

use crate::problem::Problem;
use crate::telemetry::names;

/// Keys of one limit that are remembered before those at rest are forgotten.
const KEYS: usize = 20_000;

/// A rate per key, such as a source or an address, with a burst of one second's worth or more.
///
/// Time is the monotonic clock of the process: a jump of the wall clock neither opens nor closes it.
pub struct Rate<K: Hash + Eq + Clone, C: Clock = DefaultClock> {
    name: &'static str,
    limiter: RateLimiter<K, DefaultKeyedStateStore<K>, C, NoOpMiddleware<C::Instant>>,
    clock: C,
}

/// How long to wait before the next try.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wait(pub Duration);

impl<K: Hash + Eq + Clone> Rate<K> {
    /// Allows `per_second` with bursts of `burst`; `name` labels the metric.
    pub fn new(name: &'static str, per_second: NonZeroU32, burst: NonZeroU32) -> Self {
        Self::with_clock(name, per_second, burst, DefaultClock::default())
    }
}

impl<K: Hash + Eq + Clone, C: Clock + Clone> Rate<K, C> {
    /// As [`Rate::new`], on another clock.
    pub fn with_clock(name: &'static str, per_second: NonZeroU32, burst: NonZeroU32, clock: C) -> Self {
        let quota = Quota::per_second(per_second).allow_burst(burst);
        Self { name, limiter: RateLimiter::new(quota, DefaultKeyedStateStore::default(), clock.clone()), clock }
    }

    /// Counts one try.
    ///
    /// # Errors
    /// When the key is over its rate; the try is then not counted.
    pub fn check(&self, key: &K) -> Result<(), Wait> {
        if self.limiter.len() > KEYS {
            // Keys at rest have their whole burst again, so nothing is lost by forgetting them.
            self.limiter.retain_recent();
        }
        self.limiter.check_key(key).map_err(|refused| {
            metrics::counter!(names::RATE_LIMITED, "limit" => self.name).increment(1);
            Wait(refused.wait_time_from(self.clock.now()))
        })
    }
}

impl Wait {
    /// Returns the wait in whole seconds, at least one, as Retry-After has it.
    pub fn seconds(self) -> u64 {
        self.0.as_secs() + u64::from(self.0.subsec_nanos() > 0)
    }
}

impl From<Wait> for Problem {
    fn from(wait: Wait) -> Self {
        let seconds = wait.seconds();
        Self::new(StatusCode::TOO_MANY_REQUESTS).detail(format!("too often; try again in {seconds} s")).retry_after(seconds)
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    #[test]
    fn a_burst_passes_then_the_rate_holds_per_key() {
        let two = NonZeroU32::new(2).expect("not zero");
        let clock = FakeRelativeClock::default();
        let rate = Rate::with_clock("test", two, NonZeroU32::new(3).expect("not zero"), clock.clone());
        for _ in 0..3 {
            assert_eq!(rate.check(&"a"), Ok(()));
        }
        let wait = rate.check(&"a").expect_err("over the burst");
        assert_eq!(Problem::from(wait).status, 429);
        assert!(wait.0 <= Duration::from_millis(500), "{wait:?}");
        assert_eq!(rate.check(&"b"), Ok(()), "another key has its own");
        clock.advance(Duration::from_millis(500));
        assert_eq!(rate.check(&"a"), Ok(()));
        assert!(rate.check(&"a").is_err());
    }

    #[test]
    fn a_wait_is_told_in_whole_seconds() {
        assert_eq!(Wait(Duration::from_millis(1)).seconds(), 1);
        assert_eq!(Wait(Duration::from_millis(2_500)).seconds(), 3);
    }
}
