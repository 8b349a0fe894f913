//! What a person owes: roles held and offered, tasks, updates; and the status board of what everybody may know.

use std::collections::HashMap;

use jiff::Timestamp;
use watchfire_core::access::{Identity, Right};
use watchfire_core::id::IncidentId;
use watchfire_core::incident::{Incident, Kind, Phase, Role, Sensitivity, StatusUpdate, Task, Visibility};
use watchfire_store::{incident, task, update};

use crate::updates::UpdateDue;
use crate::{Engine, Error, PageRequest};

/// What one person owes, over all incidents that they may see.
#[derive(Clone, Debug)]
pub struct Work {
    /// Open incidents on which they hold a role, or are offered one.
    pub roles: Vec<HeldRole>,
    /// Their open tasks, the next due first.
    pub tasks: Vec<(Task, Incident)>,
}

/// A role that somebody holds or is offered.
#[derive(Clone, Debug)]
pub struct HeldRole {
    pub incident: Incident,
    pub role: Role,
    pub since: Timestamp,
    /// Who offers it; `None` for a role that is held.
    pub offered_by: Option<String>,
    /// The incident's next status update, where the role owes it: the communications lead, or else the commander.
    pub update_due: Option<UpdateDue>,
}

/// One line of the status board.
#[derive(Clone, Debug)]
pub struct BoardRow {
    pub incident: Incident,
    pub last_update: Option<StatusUpdate>,
    pub update_due: Option<UpdateDue>,
}

/// Open tasks of one person that are looked at.
const TASKS: usize = 200;

impl Engine {
    /// Gathers what the caller owes.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn work(&self, who: &Identity) -> Result<Work, Error> {
        who.may(Right::Read)?;
        let me = who.actor.id();
        let mut reader = self.store().read().await?;
        let open = Phase::ALL.into_iter().filter(|phase| phase.is_open() || *phase == Phase::Resolved).collect();
        let mine = incident::Filter { phases: open, person: Some(me.to_owned()), ..incident::Filter::default() };
        let rows = PageRequest { cursor: None, limit: watchfire_core::limits::PAGE }.rows();
        let incidents = incident::list(&mut reader, &who.scope(), &mine, None, rows).await?.items;
        let ids: Vec<IncidentId> = incidents.iter().map(|incident| incident.id).collect();
        let last: HashMap<_, _> =
            update::latest(&mut reader, &ids).await?.into_iter().map(|update| (update.incident, update)).collect();
        let mut roles = Vec::new();
        for incident in &incidents {
            for held in &incident.roles {
                let offered = held.offered_to.as_deref() == Some(me);
                if held.holder != me && !offered {
                    continue;
                }
                let owes = !offered && update_owner(incident) == Some(held.role.as_str());
                roles.push(HeldRole {
                    incident: incident.clone(),
                    role: held.role.clone(),
                    since: held.since,
                    offered_by: offered.then(|| held.holder.clone()),
                    update_due: owes.then(|| self.update_due(incident, last.get(&incident.id))).flatten(),
                });
            }
        }
        let tasks = task::of_owner(&mut reader, me, TASKS).await?;
        let mut of: Vec<IncidentId> = tasks.iter().map(|task| task.incident).collect();
        of.sort_unstable();
        of.dedup();
        let seen = incident::visible(&mut reader, &who.scope(), &of).await?;
        let find = |task: &Task| seen.iter().find(|incident| incident.id == task.incident).cloned();
        let tasks = tasks.into_iter().filter_map(|task| Some((find(&task)?, task))).map(|(incident, task)| (task, incident));
        Ok(Work { roles, tasks: tasks.collect() })
    }

    /// Lists the open incidents that everybody may know of, with what was last said. Restricted ones are never on it, not
    /// even for those who are on them: the board may stand on a wall.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn board(&self, who: &Identity) -> Result<Vec<BoardRow>, Error> {
        who.may(Right::Read)?;
        let filter = incident::Filter {
            phases: Phase::ALL.into_iter().filter(|phase| phase.is_open()).collect(),
            visibility: Some(Visibility::Open),
            kind: Some(Kind::Real),
            ..incident::Filter::default()
        };
        let mut reader = self.store().read().await?;
        let mut incidents = incident::list(&mut reader, &who.scope(), &filter, None, watchfire_core::limits::PAGE).await?.items;
        incidents.retain(|incident| incident.sensitivity == Sensitivity::Normal);
        let ids: Vec<IncidentId> = incidents.iter().map(|incident| incident.id).collect();
        let mut last: HashMap<_, _> =
            update::latest(&mut reader, &ids).await?.into_iter().map(|update| (update.incident, update)).collect();
        let row = |incident: Incident| {
            let last_update = last.remove(&incident.id);
            BoardRow { update_due: self.update_due(&incident, last_update.as_ref()), last_update, incident }
        };
        Ok(incidents.into_iter().map(row).collect())
    }
}

/// Returns the role that owes an incident's status updates: communications where somebody holds it, or else the commander.
pub fn update_owner(incident: &Incident) -> Option<&str> {
    let held = |word: &str| incident.roles.iter().map(|held| held.role.as_str()).find(|role| *role == word);
    held("communications").or_else(|| held("commander"))
}
