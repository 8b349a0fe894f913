//! Randomness as an argument.

use jiff::Timestamp;

use crate::id::Id;

/// Gives random bytes fit for secrets; handed in by the wiring, seeded in tests.
pub trait Chance: Send + Sync {
    /// Fills the slice.
    fn fill(&self, bytes: &mut [u8]);
}

/// Draws `N` random bytes.
pub fn bytes<const N: usize>(chance: &dyn Chance) -> [u8; N] {
    let mut bytes = [0; N];
    chance.fill(&mut bytes);
    bytes
}

/// Makes an id for something that comes to be at `now`.
pub fn id<K>(chance: &dyn Chance, now: Timestamp) -> Id<K> {
    Id::from_parts(u64::try_from(now.as_millisecond()).unwrap_or(0), bytes(chance))
}
