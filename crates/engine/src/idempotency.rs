//! Writes that may be repeated: the same key gives the same answer.

use jiff::SignedDuration;
use watchfire_core::access::Identity;
use watchfire_store::idempotency::{self, Begun};

use crate::{Engine, Error};

/// How long the answer to a key is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long a request that gave no answer holds its key: longer than any request takes, short enough to try again.
const LEASE: SignedDuration = SignedDuration::from_mins(1);

impl Engine {
    /// Takes an idempotency key for a request, or tells what became of it before.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn idempotency_begin(&self, who: &Identity, key: &str, request: [u8; 32]) -> Result<Begun, Error> {
        let now = self.now();
        let until = now.checked_add(LEASE).unwrap_or(now);
        let (actor, key) = (name(who), key.to_owned());
        let begun = self.store().write(move |tx| {
            let (actor, key) = (actor.clone(), key.clone());
            Box::pin(async move { idempotency::begin(tx, &actor, &key, request, until).await })
        });
        Ok(begun.await?)
    }

    /// Keeps the answer for a key; without an answer the key is free again.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn idempotency_finish(&self, who: &Identity, key: &str, answer: Option<(u16, Vec<u8>)>) -> Result<(), Error> {
        let (actor, key) = (name(who), key.to_owned());
        let now = self.now();
        let until = now.checked_add(KEPT).unwrap_or(now);
        self.store()
            .write(move |tx| {
                let (actor, key, answer) = (actor.clone(), key.clone(), answer.clone());
                Box::pin(async move {
                    match answer {
                        Some((status, body)) => idempotency::finish(tx, &actor, &key, status, &body, until).await,
                        None => idempotency::forget(tx, &actor, &key).await,
                    }
                })
            })
            .await?;
        Ok(())
    }
}

/// Keys are per actor: nobody meets another's.
fn name(who: &Identity) -> String {
    format!("{}:{}", who.actor.kind(), who.actor.id())
}
