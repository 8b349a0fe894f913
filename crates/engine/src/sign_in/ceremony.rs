//! Questions that a browser takes away and comes back with: kept sealed, answered once.

use jiff::SignedDuration;
use serde_json::Value;
use watchfire_core::chance;
use watchfire_core::token::{self, TokenKind};
use watchfire_store::sign_in::ceremony;

use super::SignInError;
use crate::Engine;

/// How long an answer may take.
pub const PATIENCE: SignedDuration = SignedDuration::from_mins(5);

/// A question: what the browser is asked, and the secret that ties its answer to it.
#[derive(Clone)]
pub struct Asked {
    pub options: String,
    pub secret: String,
}

impl Engine {
    /// Keeps a question and returns the secret for the browser's cookie.
    pub(super) async fn keep_question(&self, kind: &'static str, body: Value) -> Result<String, SignInError> {
        let secret = token::write(TokenKind::SignIn, chance::bytes(self.0.chance.as_ref()));
        let (hash, now) = (token::hash(&secret), self.now());
        let expires_at = now.checked_add(PATIENCE).unwrap_or(now);
        self.store()
            .write(move |tx| {
                let body = body.clone();
                Box::pin(async move { ceremony::put(tx, hash, kind, &body, expires_at).await })
            })
            .await?;
        Ok(secret)
    }

    /// Takes a question out; a second answer finds none.
    ///
    /// # Errors
    /// [`SignInError::Wrong`] if there is none (any more).
    pub(super) async fn take_question(&self, kind: &'static str, secret: &str) -> Result<Value, SignInError> {
        let hash = token::hash(secret);
        let taken = self.store().write(move |tx| Box::pin(async move { ceremony::take(tx, hash, kind).await }));
        taken.await?.ok_or(SignInError::Wrong)
    }
}
