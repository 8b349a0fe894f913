//! What changed, for pages that are open.

use watchfire_core::access::{Identity, Right};
use watchfire_core::id::{AlertId, IncidentId};
use watchfire_store::{Progress, entry};

use crate::{Engine, Error};

/// Changes handed out at once; a page that is further behind reloads.
const CHANGES: usize = 200;

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

/// That something changed; the page fetches what it shows anew.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The entry's sequence number: where to go on after a lost connection.
    pub seq: i64,
    pub kind: String,
    pub incident: Option<IncidentId>,
    pub alert: Option<AlertId>,
}

impl Engine {
    /// Returns a receiver that changes after each commit, also of other nodes. A hint: what changed is told by
    /// [`Engine::changes_after`].
    pub fn subscribe(&self) -> tokio::sync::watch::Receiver<Progress> {
        self.store().commits()
    }

    /// Returns what changed after an entry, as far as the caller may see it, oldest first.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn changes_after(&self, who: &Identity, seq: i64) -> Result<Vec<Change>, Error> {
        who.may(Right::Read)?;
        let filter = entry::Filter { after: Some(seq), ..entry::Filter::default() };
        let mut reader = self.store().read().await?;
        let mut entries = entry::list(&mut reader, &who.scope(), &filter, CHANGES).await?;
        entries.sort_by_key(|entry| entry.seq);
        let change =
            |entry: entry::Entry| Change { seq: entry.seq, kind: entry.kind, incident: entry.incident, alert: entry.alert };
        Ok(entries.into_iter().map(change).collect())
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
