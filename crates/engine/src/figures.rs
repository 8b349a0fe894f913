//! The figures of response: time to detect, to acknowledge, to resolve.

use jiff::Timestamp;
use watchfire_core::access::{Identity, Right};
use watchfire_core::incident::Kind;
use watchfire_store::spans::{self, Row};

use crate::{Engine, Error};

impl Engine {
    /// Returns the figures of the incidents of a kind that were detected in a span of time and that the caller may see.
    /// Drills and tests are kinds of their own and never mix with the real ones; dismissed and merged ones are left out.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn spans(&self, who: &Identity, kind: Kind, from: Timestamp, until: Timestamp) -> Result<Vec<Row>, Error> {
        who.may(Right::Read)?;
        let mut reader = self.store().read().await?;
        Ok(spans::between(&mut reader, &who.scope(), kind, from, until).await?)
    }
}
