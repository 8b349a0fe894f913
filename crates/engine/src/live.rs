//! What changed, for pages that are open.

use watchfire_core::access::{Identity, Right};
use watchfire_store::{Progress, entry};

use crate::{Engine, Error};

/// Entries after which somebody may see more or less than before.
const ACCESS_KINDS: &[&str] = &[
    "grant.given",
    "grant.revoked",
    "grant.ended",
    "incident.role_assigned",
    "incident.role_offered",
    "incident.role_vacated",
    "incident.visibility_changed",
    "incident.sensitivity_changed",
    "incident.merged_into",
    "person.role_changed",
    "person.disabled",
    "person.enabled",
    "person.joined_team",
    "person.left_team",
    "token.revoked",
];

impl Engine {
    /// Returns a receiver that changes after each commit, also of other nodes. A hint: what changed is told by
    /// [`Engine::news_after`].
    pub fn subscribe(&self) -> tokio::sync::watch::Receiver<Progress> {
        self.store().commits()
    }

    /// Returns the number of the newest entry after one that the caller may see; `None` if nothing happened for them.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn news_after(&self, who: &Identity, seq: i64) -> Result<Option<i64>, Error> {
        who.may(Right::Read)?;
        let mut reader = self.store().read().await?;
        Ok(entry::newest_after(&mut reader, &who.scope(), seq).await?)
    }

    /// Tells whether anything happened after an entry that may change who sees what, whether the caller sees that or not;
    /// and up to which entry it looked.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn access_changed_after(&self, seq: i64) -> Result<(bool, i64), Error> {
        let mut reader = self.store().read().await?;
        let head = entry::head(&mut reader).await?;
        if head <= seq {
            return Ok((false, head));
        }
        Ok((entry::any_of_kinds(&mut reader, seq, ACCESS_KINDS).await?, head))
    }

    /// Returns the sequence number of the newest entry.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn head(&self) -> Result<i64, Error> {
        let mut reader = self.store().read().await?;
        Ok(entry::head(&mut reader).await?)
    }
}
