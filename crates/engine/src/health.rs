//! Whether the store takes writes.

use watchfire_store::Health;

use crate::{Engine, Error};

impl Engine {
    /// Proves that a write can be committed now.
    ///
    /// # Errors
    /// The store does not answer, or takes none.
    pub async fn health(&self) -> Result<Health, Error> {
        Ok(self.store().health().await?)
    }
}
