//! Passwords: Argon2id, on the blocking pool, a few at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use watchfire_core::text::{hex, unhex};

use crate::Error;

/// Bytes of salt and of hash.
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;
/// Hashes computed at once: each takes its memory, and more would be no faster.
const AT_ONCE: usize = 2;
/// Sign-ins that may wait for their turn; the next is told to come again.
const WAITING: usize = 64;

/// What one hash costs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    /// 64 MiB, three passes: about a tenth of a second.
    pub const USUAL: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
    /// The least that OWASP advises: 19 MiB, two passes. Nothing below it is ever used.
    pub const LEAST: Self = Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 };

    fn argon2(self) -> Option<Argon2<'static>> {
        let memory_kib = self.memory_kib.max(Self::LEAST.memory_kib);
        let passes = self.passes.max(Self::LEAST.passes);
        let params = Params::new(memory_kib, passes, self.lanes, Some(HASH_BYTES)).ok()?;
        Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

impl Default for Cost {
    fn default() -> Self {
        Self::USUAL
    }
}

/// Computes and checks hashes.
pub(crate) struct Hasher {
    cost: Cost,
    turns: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// Hashes computed so far: what a test counts instead of time.
    computed: AtomicU64,
}

impl Hasher {
    pub(crate) fn new(cost: Cost) -> Self {
        Self {
            cost,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
            computed: AtomicU64::new(0),
        }
    }

    /// Returns how many hashes were computed.
    #[cfg(test)]
    pub(crate) fn computed(&self) -> u64 {
        self.computed.load(Ordering::SeqCst)
    }

    /// Hashes a new password; the text holds cost, salt and hash, and is sealed before it is kept.
    ///
    /// # Errors
    /// [`Error::Overloaded`] when too many wait.
    pub(crate) async fn hash(&self, password: &str, salt: [u8; SALT_BYTES]) -> Result<String, Error> {
        let cost = self.cost;
        let hash = self.compute(password, salt, cost).await?;
        let Cost { memory_kib, passes, lanes } = cost;
        Ok(format!("argon2id,{memory_kib},{passes},{lanes},{},{}", hex(&salt), hex(&hash)))
    }

    /// Tells whether a password is the kept one. Without a kept one, as for an unknown account, the same work is done and
    /// the answer is no.
    ///
    /// # Errors
    /// As [`Hasher::hash`].
    pub(crate) async fn verify(&self, password: &str, kept: Option<&str>) -> Result<bool, Error> {
        let read = kept.and_then(read);
        let known = read.is_some();
        let (cost, salt, expected) = read.unwrap_or((self.cost, [0; SALT_BYTES], [0; HASH_BYTES]));
        let hash = self.compute(password, salt, cost).await?;
        let same = hash.iter().zip(expected).fold(0_u8, |differs, (a, b)| differs | (a ^ b)) == 0;
        Ok(same && known)
    }

    async fn compute(&self, password: &str, salt: [u8; SALT_BYTES], cost: Cost) -> Result<[u8; HASH_BYTES], Error> {
        let _waits = Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| Error::Overloaded)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| Error::Unavailable)?;
        self.computed.fetch_add(1, Ordering::SeqCst);
        let password = password.to_owned();
        let computed = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let mut hash = [0; HASH_BYTES];
            let argon2 = cost.argon2()?;
            argon2.hash_password_into(password.as_bytes(), &salt, &mut hash).ok()?;
            Some(hash)
        });
        computed.await.ok().flatten().ok_or(Error::Unavailable)
    }
}

fn read(kept: &str) -> Option<(Cost, [u8; SALT_BYTES], [u8; HASH_BYTES])> {
    let parts: Vec<&str> = kept.split(',').collect();
    let ["argon2id", memory, passes, lanes, salt, hash] = parts.as_slice() else { return None };
    let cost = Cost { memory_kib: memory.parse().ok()?, passes: passes.parse().ok()?, lanes: lanes.parse().ok()? };
    Some((cost, unhex(salt)?.try_into().ok()?, unhex(hash)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_with_itself_alone_and_the_kept_text_tells_its_cost() {
        let hasher = Hasher::new(Cost::LEAST);
        let kept = hasher.hash("mossy kettle under seven", [7; 16]).await.expect("a turn");
        assert!(kept.starts_with("argon2id,19456,2,1,0707"), "{kept}");
        assert!(hasher.verify("mossy kettle under seven", Some(&kept)).await.expect("a turn"));
        for wrong in ["mossy kettle under seve", "Mossy kettle under seven", "mossy kettle under seven ", ""] {
            assert!(!hasher.verify(wrong, Some(&kept)).await.expect("a turn"), "{wrong}");
        }
    }

    #[tokio::test]
    async fn nobody_costs_as_much_work_as_somebody() {
        let hasher = Hasher::new(Cost::LEAST);
        let kept = hasher.hash("mossy kettle under seven", [7; 16]).await.expect("a turn");
        for (kept, known) in [(Some(kept.as_str()), "somebody"), (None, "nobody"), (Some("damaged"), "a damaged row")] {
            let before = hasher.computed();
            assert!(!hasher.verify("wrong", kept).await.expect("a turn"));
            assert_eq!(hasher.computed() - before, 1, "{known}");
        }
    }

    #[tokio::test]
    async fn a_cost_below_the_least_is_raised_to_it() {
        let cheap = Cost { memory_kib: 8, passes: 1, lanes: 1 };
        let (cheap, least) = (Hasher::new(cheap), Hasher::new(Cost::LEAST));
        assert_eq!(cheap.compute("x", [1; 16], cheap.cost).await.ok(), least.compute("x", [1; 16], Cost::LEAST).await.ok());
    }

    #[tokio::test]
    async fn more_than_may_wait_are_told_to_come_again() {
        let hasher = Arc::new(Hasher::new(Cost::LEAST));
        let tries = (0..AT_ONCE + WAITING + 5).map(|_| {
            let hasher = Arc::clone(&hasher);
            async move { hasher.verify("x", None).await }
        });
        let answers = futures::future::join_all(tries).await;
        let refused = answers.iter().filter(|answer| matches!(answer, Err(Error::Overloaded))).count();
        assert_eq!(refused, 5);
    }
}
