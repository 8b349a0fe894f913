//! Random bytes for nonces, salts, keys and row ids, from the operating system.

use ring::rand::{SecureRandom, SystemRandom};
use watchfire_core::id::Id;
use watchfire_core::time::Timestamp;

use crate::Error;

/// Returns random bytes.
///
/// # Errors
/// The operating system gives none, which happens on a broken system alone.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Error::Unavailable("the operating system gives no random bytes".to_owned()))?;
    Ok(bytes)
}

/// Makes an id at an instant.
pub(crate) fn id<K>(at: Timestamp) -> Result<Id<K>, Error> {
    Ok(Id::from_parts(u64::try_from(at.as_millisecond()).unwrap_or(0), bytes()?))
}
