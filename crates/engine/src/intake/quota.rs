//! How much one source may send.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

/// Deliveries a second that a source may send over time.
pub(crate) const PER_SECOND: f64 = 10_000.0;
/// Deliveries that it may send at once.
const BURST: f64 = 60_000.0;

/// A token bucket; clones share it.
#[derive(Clone)]
pub(crate) struct Quota(Arc<Mutex<Bucket>>);

struct Bucket {
    left: f64,
    filled_at: Option<Timestamp>,
}

impl Default for Quota {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Bucket { left: BURST, filled_at: None })))
    }
}

impl Quota {
    /// Takes one delivery, or tells after how many seconds there is room again.
    pub(crate) fn take(&self, now: Timestamp) -> Result<(), u64> {
        let mut bucket = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since = bucket.filled_at.map_or(0.0, |at| (now.as_microsecond() - at.as_microsecond()).max(0) as f64 / 1e6);
        bucket.left = (bucket.left + since * PER_SECOND).min(BURST);
        bucket.filled_at = Some(now);
        if bucket.left < 1.0 {
            return Err(1);
        }
        bucket.left -= 1.0;
        Ok(())
    }
}
