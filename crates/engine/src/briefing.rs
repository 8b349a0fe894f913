//! The briefing for somebody who joins: made from the record, so that nobody has to stop and tell.

use watchfire_core::access::Identity;
use watchfire_core::incident::{Incident, StatusUpdate, Task};
use watchfire_store::entry::Entry;
use watchfire_store::link::Link;
use watchfire_store::{entry, link, task, update};

use crate::updates::UpdateDue;
use crate::{Engine, Error};

/// What a joiner has to know.
#[derive(Clone, Debug)]
pub struct Briefing {
    pub incident: Incident,
    /// The newest status update.
    pub last_update: Option<StatusUpdate>,
    pub update_due: Option<UpdateDue>,
    /// Where people meet.
    pub links: Vec<Link>,
    /// What was decided, in order: phases, severity, visibility, merges.
    pub decisions: Vec<Entry>,
    /// What was written last, in order.
    pub notes: Vec<Entry>,
    /// Open tasks by their time.
    pub tasks: Vec<Task>,
}

/// Decisions that a briefing holds, and notes.
const DECISIONS: usize = 20;
const NOTES: usize = 5;
const DECIDED: [&str; 8] = [
    "incident.severity_changed",
    "incident.phase_changed",
    "incident.reopened",
    "incident.visibility_changed",
    "incident.merged_into",
    "incident.merged_from",
    "incident.triaged",
    "incident.postmortem_waived",
];

impl Engine {
    /// Makes the briefing of an incident.
    ///
    /// # Errors
    /// Not found for this caller, or the store does not answer.
    pub async fn briefing(&self, who: &Identity, id: &str) -> Result<Briefing, Error> {
        let incident = self.find(who, id).await?;
        let mut reader = self.store().read().await?;
        let last_update = update::latest(&mut reader, &[incident.id]).await?.pop();
        let of = |kinds: &[&str]| entry::Filter {
            incident: Some(incident.id),
            kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            ..entry::Filter::default()
        };
        let mut decisions = entry::list(&mut reader, &who.scope(), &of(&DECIDED), DECISIONS).await?;
        let mut notes = entry::list(&mut reader, &who.scope(), &of(&["incident.noted"]), NOTES).await?;
        for entries in [&mut decisions, &mut notes] {
            entries.sort_by_key(|entry| entry.seq);
        }
        let mut tasks = task::list(&mut reader, incident.id).await?;
        tasks.retain(|task| task.state.is_open());
        tasks.sort_by_key(|task| (task.due_at.is_none(), task.due_at, task.number));
        Ok(Briefing {
            update_due: self.update_due(&incident, last_update.as_ref()),
            links: link::list(&mut reader, incident.id).await?,
            last_update,
            decisions,
            notes,
            tasks,
            incident,
        })
    }
}
