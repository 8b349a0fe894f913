//! What you owe, and what everybody may know.

use serde::Serialize;
use utoipa::ToSchema;
use watchfire_core::Severity;
use watchfire_core::incident::{Incident, Phase};
use watchfire_engine::{BoardRow, PageView, Work};

use super::words::{PhaseWord, SeverityWord};
use super::{At, IncidentRefDocument, PageDocument, TaskDocument, UpdateDocument};

/// What you owe, over all incidents that you may see.
#[derive(Serialize, ToSchema)]
#[schema(as = Work)]
pub(crate) struct WorkDocument {
    /// Pages that told you and await your answer, the newest first.
    pages: Vec<PageDocument>,
    roles: Vec<HeldRoleDocument>,
    tasks: Vec<OwnTaskDocument>,
}

/// A role that you hold or are offered.
#[derive(Serialize, ToSchema)]
#[schema(as = HeldRole)]
struct HeldRoleDocument {
    incident: IncidentRefDocument,
    role: String,
    since: At,
    /// Who offers it; null for a role that you hold.
    offered_by: Option<String>,
    /// When the status update that the role owes is due.
    update_due_at: Option<At>,
}

/// A task of yours with its incident.
#[derive(Serialize, ToSchema)]
#[schema(as = OwnTask)]
struct OwnTaskDocument {
    incident: IncidentRefDocument,
    task: TaskDocument,
}

/// The status board: open incidents that everybody may know of.
#[derive(Serialize, ToSchema)]
pub(crate) struct BoardList {
    items: Vec<BoardDocument>,
    next: Option<String>,
}

/// One line of the status board.
#[derive(Serialize, ToSchema)]
#[schema(as = BoardRow)]
struct BoardDocument {
    /// The short id.
    id: String,
    codename: String,
    title: String,
    #[schema(value_type = Option<SeverityWord>)]
    severity: Option<Severity>,
    #[schema(value_type = PhaseWord)]
    phase: Phase,
    team: String,
    last_update: Option<UpdateDocument>,
    update_due_at: Option<At>,
}

impl From<&Incident> for IncidentRefDocument {
    fn from(incident: &Incident) -> Self {
        Self { id: incident.short_id.clone(), title: incident.title.clone(), severity: incident.severity, phase: incident.phase }
    }
}

impl WorkDocument {
    /// Shows what somebody owes, with the pages that await their answer.
    pub(crate) fn of(work: Work, pages: Vec<PageView>) -> Self {
        let role = |held: watchfire_engine::HeldRole| HeldRoleDocument {
            incident: (&held.incident).into(),
            role: held.role.as_str().to_owned(),
            since: At(held.since),
            offered_by: held.offered_by,
            update_due_at: held.update_due.map(|due| At(due.due_at)),
        };
        let task =
            |(task, incident): (_, Incident)| OwnTaskDocument { incident: (&incident).into(), task: TaskDocument::from(task) };
        Self {
            pages: pages.into_iter().map(PageDocument::from).collect(),
            roles: work.roles.into_iter().map(role).collect(),
            tasks: work.tasks.into_iter().map(task).collect(),
        }
    }
}

impl From<Vec<BoardRow>> for BoardList {
    fn from(rows: Vec<BoardRow>) -> Self {
        let row = |row: BoardRow| BoardDocument {
            id: row.incident.short_id,
            codename: row.incident.codename,
            title: row.incident.title,
            severity: row.incident.severity,
            phase: row.incident.phase,
            team: row.incident.team,
            last_update: row.last_update.map(UpdateDocument::from),
            update_due_at: row.update_due.map(|due| At(due.due_at)),
        };
        Self { items: rows.into_iter().map(row).collect(), next: None }
    }
}
