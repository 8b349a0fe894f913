//! What can go wrong in the store.

/// Says what went wrong. Texts never hold stored contents or credentials.
///
/// A refusal of the domain is no error: operations return it as a value.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot be written or reached now (disk full, connection lost). Nothing of the operation was
    /// kept; the store recovers by itself. Answered 503.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// More operations wait than the queue holds. Answered 503 with Retry-After.
    #[error("too many changes are waiting to be stored")]
    Overloaded,
    /// Storage failed in a way after which nothing can be promised any more (a failed fsync); the process must end.
    #[error("storage failed and nothing more is accepted: {0}")]
    Stopped(String),
    /// The store is being closed.
    #[error("the store is closed")]
    Closed,
    /// Somebody else changed the object first: read it again and decide anew.
    #[error("it was changed by somebody else in the meantime")]
    Conflict,
    /// Another incident has this short id: draw a new one.
    #[error("the short id is taken")]
    ShortIdTaken,
    /// Another object of the kind has this name.
    #[error("the name is taken")]
    NameTaken,
    /// A concurrent transaction got in the way; the operation is tried again.
    #[error("a concurrent change got in the way: {0}")]
    Retry(String),
    /// Opening was refused; the text says why and what to do.
    #[error("{0}")]
    Refused(String),
    /// Something sealed could not be opened: its key was erased, or the bytes were changed.
    #[error("{0} cannot be opened")]
    Sealed(String),
    /// What is stored cannot be read as what it should be.
    #[error("stored data is damaged: {0}")]
    Damaged(String),
    /// A file could not be read or written.
    #[error("{what}: {why}")]
    File { what: String, why: String },
    /// Any other answer of the database: a defect of Watchfire.
    #[error("the database refused a statement: {0}")]
    Database(String),
    /// An operation panicked; nothing of it was kept.
    #[error("an operation failed unexpectedly")]
    Panicked,
}

impl Error {
    /// Tells whether it comes from the state of the storage and not from the one operation.
    pub fn is_systemic(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Stopped(_) | Self::Closed)
    }

    pub(crate) fn file(what: impl Into<String>, why: &std::io::Error) -> Self {
        let what = what.into();
        if matches!(why.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded) {
            return Self::Unavailable(format!("{what}: {why}"));
        }
        Self::File { what, why: why.to_string() }
    }

    pub fn damaged(what: impl std::fmt::Display) -> Self {
        Self::Damaged(what.to_string())
    }
}
