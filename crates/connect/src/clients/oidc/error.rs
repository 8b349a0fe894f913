//! Why a sign-on did not succeed.

use thiserror::Error;

use crate::egress::EgressError;

/// What went wrong; never holds a token, a code or a secret.
#[derive(Debug, Error)]
pub enum OidcError {
    /// The settings cannot be used.
    #[error("{0}")]
    Settings(String),
    /// The provider cannot be reached.
    #[error("the identity provider cannot be reached: {0}")]
    Egress(#[from] EgressError),
    /// The provider answers, but not with what the standard asks of it.
    #[error("the identity provider's {what} cannot be used: {reason}")]
    Provider { what: &'static str, reason: String },
    /// The browser came back with a refusal.
    #[error("the identity provider refused: {0}")]
    Refused(String),
    /// The browser came back with something that does not belong to the sign-on that it began.
    #[error("this answer does not belong to the sign-on that was begun here: {0}")]
    Callback(&'static str),
    /// The token proves nothing.
    #[error("the identity provider's token is refused: {0}")]
    Token(&'static str),
}

impl OidcError {
    /// Says that a document of the provider does not fit.
    pub(super) fn provider(what: &'static str, reason: impl Into<String>) -> Self {
        Self::Provider { what, reason: reason.into() }
    }
}
