//! Why an engine call did not do what was asked.

use watchfire_core::access::Denied;
use watchfire_core::incident::Refusal;

use crate::plans::Fault;

/// The one error of the engine's calls; the web layer maps each variant to one status.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Not there, or not the caller's to see: the same answer.
    #[error("{0} not found")]
    NotFound(&'static str),
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Who asks has not proved who they are within the last five minutes.
    #[error("prove that it is you first: this is asked again when the last proof is more than five minutes old")]
    Proof,
    /// Somebody else changed it meanwhile.
    #[error("it was changed meanwhile: look again and repeat")]
    Conflict,
    #[error("{field}: {message}")]
    Invalid { field: String, message: String },
    #[error("the plans have {} faults, the first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    Plans(Vec<Fault>),
    /// Storage does not answer or is full; nothing was changed, repeating is right.
    #[error("the store is not available; try again soon")]
    Unavailable,
    #[error("too much is waiting to be written; try again soon")]
    Overloaded,
    /// A bug or a broken store; the cause goes to the log, not to the caller.
    #[error("internal fault")]
    Internal(#[source] watchfire_store::Error),
}

impl Error {
    /// Says that a field does not fit.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid { field: field.to_owned(), message: message.into() }
    }
}

impl From<watchfire_store::Error> for Error {
    fn from(error: watchfire_store::Error) -> Self {
        match error {
            watchfire_store::Error::Conflict => Self::Conflict,
            watchfire_store::Error::Overloaded => Self::Overloaded,
            error if error.is_systemic() => Self::Unavailable,
            error => Self::Internal(error),
        }
    }
}
