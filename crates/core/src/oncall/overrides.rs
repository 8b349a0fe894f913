//! A change of one schedule for a while, made by people.

use jiff::Timestamp;

/// Somebody takes over. It is half of a swap, or stands alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Override {
    /// The row's id.
    pub id: String,
    /// Who takes over.
    pub login: String,
    /// Whose place they take; `None` takes the place of all, and fills gaps. Where this person holds nothing, nothing
    /// changes.
    pub instead_of: Option<String>,
    pub from: Timestamp,
    /// From here on it counts no more.
    pub until: Timestamp,
    /// Whether both sides agreed on it as a swap.
    pub is_swap: bool,
}

impl Override {
    /// Tells whether it counts at an instant.
    pub fn covers(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }
}
