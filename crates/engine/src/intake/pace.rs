//! How processing gives way to accepting: a sender waits for our answer, an incident may come a moment later.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::Instant;

/// Nothing arrived for so long: whoever sends has paused, and processing has the store to itself.
const QUIET: Duration = Duration::from_millis(3);
/// How long processing gives way at most, so that what was accepted is not kept waiting by a slow store.
const PAUSE_MAX: Duration = Duration::from_millis(400);
/// Events that wait longer than this get half of the time instead of a quarter: the promise is five seconds.
const LATE: SignedDuration = SignedDuration::from_secs(2);

/// Counts deliveries, so that processing can tell whether others want the store.
#[derive(Default, Debug)]
pub(crate) struct Pace {
    arrived: AtomicU64,
    is_late: AtomicBool,
}

impl Pace {
    /// Notes that a delivery has come in.
    pub(crate) fn arrived(&self) {
        self.arrived.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes how long the oldest event of a batch has waited.
    pub(crate) fn waited(&self, lag: SignedDuration) {
        self.is_late.store(lag > LATE, Ordering::Relaxed);
    }

    /// Returns a mark to compare with in [`Pace::give_way`].
    pub(crate) fn mark(&self) -> u64 {
        self.arrived.load(Ordering::Relaxed)
    }

    /// Leaves the store to deliveries for a while if any came in since `mark`: three times as long as the batch `took`, or as
    /// long if its oldest event was late. Returns at once when no delivery comes in any more.
    pub(crate) async fn give_way(&self, mark: u64, took: Duration) {
        let until = Instant::now() + pause(took, self.is_late.load(Ordering::Relaxed));
        let mut seen = mark;
        loop {
            let now = self.mark();
            let left = until.saturating_duration_since(Instant::now());
            if now == seen || left.is_zero() {
                return;
            }
            seen = now;
            tokio::time::sleep(left.min(QUIET)).await;
        }
    }
}

/// Returns how long to give way after a batch that took so long.
fn pause(took: Duration, is_late: bool) -> Duration {
    (took * if is_late { 1 } else { 3 }).min(PAUSE_MAX)
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn a_quarter_of_the_time_is_for_processing_and_half_when_it_is_late() {
        let took = Duration::from_millis(40);
        assert_eq!(pause(took, false), took * 3);
        assert_eq!(pause(took, true), took);
        assert_eq!(pause(Duration::from_secs(5), false), PAUSE_MAX, "a slow store does not hold processing up for long");
    }

    #[tokio::test]
    async fn processing_gives_way_only_if_deliveries_came_in() {
        let (pace, took) = (Pace::default(), Duration::from_millis(40));
        let mark = pace.mark();
        assert!(pace.give_way(mark, took).now_or_never().is_some(), "nobody else wants the store");
        pace.arrived();
        assert!(pace.give_way(mark, took).now_or_never().is_none(), "a delivery came in meanwhile");
    }
}
