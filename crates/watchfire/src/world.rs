//! The clock and the chance of the real world.

use jiff::Timestamp;
use watchfire_core::chance::Chance;
use watchfire_core::time::Clock;

/// The system's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the wall clock is read")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The thread's generator, seeded and reseeded by the system: fit for secrets.
pub(crate) struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, bytes: &mut [u8]) {
        rand::fill(bytes);
    }
}
