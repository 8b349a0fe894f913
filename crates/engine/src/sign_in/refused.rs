//! Why nobody was signed in.

use watchfire_core::password::Weakness;

use crate::Error;

/// What the page says when a sign-in or the setting up of one does not succeed.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Wrong, unknown, disabled, or without such a way to sign in: one answer.
    #[error("that does not open an account here")]
    Wrong,
    /// Too many failures of this account or network; nothing was tried.
    #[error(
        "too many tries for this account or from this network; wait a quarter of an hour, or use a passkey, or ask an owner for a recovery link"
    )]
    TooOften,
    /// The link was used, taken back or is too old, or never was: one answer.
    #[error("this link was used, taken back, or is too old; ask for a new one")]
    Link,
    /// The password is not taken.
    #[error("{0}")]
    Weak(#[from] Weakness),
    /// A proof from outside was not taken; the text says why.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Engine(#[from] Error),
}

impl From<watchfire_store::Error> for SignInError {
    fn from(error: watchfire_store::Error) -> Self {
        Self::Engine(error.into())
    }
}

impl From<super::Refused> for SignInError {
    fn from(refused: super::Refused) -> Self {
        Self::Refused(refused.0)
    }
}
