//! Conversations kept for the next letter: a page storm needs no handshake per page.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::session::Session;

/// Conversations that are kept at once, over all servers.
const KEPT: usize = 4;
/// How long one is kept without use; servers end them after five minutes.
const IDLE: Duration = Duration::from_secs(30);

/// Names a server and a login without holding the password: the hash of all settings.
pub(super) type Key = [u8; 32];

/// The kept conversations.
#[derive(Default)]
pub(super) struct Pool(Mutex<Vec<(Key, Instant, Session)>>);

impl Pool {
    /// Takes a conversation with this server, and lets go of those that waited too long.
    pub(super) fn take(&self, key: &Key) -> Option<Session> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(_, since, _)| since.elapsed() < IDLE);
        let at = kept.iter().position(|(owner, _, _)| owner == key)?;
        Some(kept.swap_remove(at).2)
    }

    /// Keeps a conversation; gives it back if there is no room.
    pub(super) fn keep(&self, key: Key, session: Session) -> Option<Session> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(_, since, _)| since.elapsed() < IDLE);
        if kept.len() >= KEPT {
            return Some(session);
        }
        kept.push((key, Instant::now(), session));
        None
    }
}
