//! Incidents.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use watchfire_core::Severity;
use watchfire_core::access::Identity;
use watchfire_core::id::{AlertId, IncidentId};
use watchfire_core::incident::{Assignment, Class, Incident, Kind, Phase, Postmortem, Sensitivity, SignalState, Visibility};
use watchfire_core::metrics::Spans;
use watchfire_engine::{Crowded, Error, IncidentDetail, IncidentRow};

use super::words::{ClassWord, KindWord, PhaseWord, SensitivityWord, SeverityWord, SignalWord, VisibilityWord};
use super::{At, ResolutionDocument, ResponsibilityDocument, TaskDocument};
use crate::AppState;
use crate::api::failure::Failure;

/// What people work on.
#[derive(Serialize, ToSchema)]
#[schema(as = Incident)]
pub(crate) struct IncidentDocument {
    /// The short id, `INC-7K3QX`; everywhere an incident is named, this and `uuid` both do.
    id: String,
    #[schema(value_type = String, format = "uuid")]
    uuid: IncidentId,
    /// Two words that tell nothing: `quiet-heron`.
    codename: String,
    title: String,
    summary: String,
    #[schema(value_type = ClassWord)]
    class: Class,
    #[schema(value_type = Option<SeverityWord>)]
    severity: Option<Severity>,
    #[schema(value_type = PhaseWord)]
    phase: Phase,
    team: String,
    commander: Option<String>,
    roles: Vec<RoleDocument>,
    #[schema(value_type = VisibilityWord)]
    visibility: Visibility,
    /// Whom it is kept from beyond its visibility.
    #[schema(value_type = SensitivityWord)]
    sensitivity: Sensitivity,
    /// When somebody decided that the full scope is known.
    scope_known_at: Option<At>,
    #[schema(value_type = KindWord)]
    kind: Kind,
    #[schema(value_type = SignalWord)]
    signal: SignalState,
    /// not_due, due, published or waived
    postmortem: &'static str,
    /// Ids of the newest linked alerts, at most 100, in a list 20; `alert_count` tells how many there are.
    #[schema(value_type = Vec<String>)]
    alerts: Vec<AlertId>,
    alert_count: i64,
    open_task_count: i64,
    /// When the next status update is due; null if none is owed.
    update_due_at: Option<At>,
    /// Since when nothing has changed, if that is too long by the plans.
    stalled_since: Option<At>,
    /// Leads to whom more people report than one leads, by the plans.
    crowded: Vec<CrowdedDocument>,
    /// Teams that have work on it: its own, and those of its tasks. Only where one incident is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    teams: Option<Vec<String>>,
    /// Where people meet: call, room, document. Only where one incident is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    links: Option<BTreeMap<String, String>>,
    /// Who answers for it. Only where one incident is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    responsibility: Option<ResponsibilityDocument>,
    /// What a developer says is resolved, and waits to be verified. Only where one incident is asked for and something waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<ResolutionDocument>,
    created_at: At,
    updated_at: At,
    /// When the trouble began, as far as known.
    occurred_at: Option<At>,
    /// When the first signal or report reached us.
    detected_at: At,
    /// When a person first took it up.
    acknowledged_at: Option<At>,
    declared_at: Option<At>,
    resolved_at: Option<At>,
    closed_at: Option<At>,
    /// Time to detect in seconds: detected minus occurred.
    mttd_s: Option<i64>,
    /// Time to acknowledge in seconds: acknowledged minus detected.
    mtta_s: Option<i64>,
    /// Time to resolve in seconds: resolved minus detected.
    mttr_s: Option<i64>,
    /// The phases that may come next, nearest first.
    #[schema(value_type = Vec<PhaseWord>)]
    next_phases: Vec<Phase>,
    /// The routing rule that raised it; empty if a person did.
    rule: String,
    plan_version: String,
    merged_into: Option<IncidentRefDocument>,
    /// Counts changes from 1.
    version: i64,
    /// Only where one incident is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    tasks: Option<Vec<TaskDocument>>,
}

/// Who holds a role.
#[derive(Serialize, ToSchema)]
#[schema(as = RoleAssignment)]
pub(crate) struct RoleDocument {
    role: String,
    holder: String,
    since: At,
    /// To whom it was offered and who has not answered.
    offered_to: Option<String>,
}

/// A lead to whom too many people report.
#[derive(Serialize, ToSchema)]
#[schema(as = CrowdedLead)]
struct CrowdedDocument {
    /// The role's title.
    role: String,
    holder: String,
    people: usize,
    /// How many one person leads, by the plans.
    most: u32,
}

/// An incident, named from elsewhere.
#[derive(Serialize, ToSchema)]
#[schema(as = IncidentRef)]
pub(crate) struct IncidentRefDocument {
    /// The short id.
    pub(super) id: String,
    pub(super) title: String,
    #[schema(value_type = Option<SeverityWord>)]
    pub(super) severity: Option<Severity>,
    #[schema(value_type = PhaseWord)]
    pub(super) phase: Phase,
}

/// One page of incidents, what is open first.
#[derive(Serialize, ToSchema)]
pub(crate) struct IncidentPage {
    pub(crate) items: Vec<IncidentDocument>,
    pub(crate) next: Option<String>,
}

impl IncidentDocument {
    fn of(incident: Incident) -> Self {
        let spans = Spans::of(&incident);
        Self {
            commander: incident.commander().map(str::to_owned),
            next_phases: incident.phase.next(incident.class, incident.severity),
            mttd_s: spans.to_detect_s,
            mtta_s: spans.to_acknowledge_s,
            mttr_s: spans.to_resolve_s,
            id: incident.short_id,
            uuid: incident.id,
            codename: incident.codename,
            title: incident.title,
            summary: incident.summary,
            class: incident.class,
            severity: incident.severity,
            phase: incident.phase,
            team: incident.team,
            roles: incident.roles.into_iter().map(RoleDocument::from).collect(),
            visibility: incident.visibility,
            sensitivity: incident.sensitivity,
            scope_known_at: incident.scope_known_at.map(At),
            kind: incident.kind,
            signal: incident.signal,
            postmortem: postmortem(&incident.postmortem),
            alerts: Vec::new(),
            alert_count: 0,
            open_task_count: 0,
            update_due_at: None,
            stalled_since: None,
            crowded: Vec::new(),
            teams: None,
            links: None,
            responsibility: None,
            resolution: None,
            created_at: At(incident.created_at),
            updated_at: At(incident.updated_at),
            occurred_at: incident.occurred_at.map(At),
            detected_at: At(incident.detected_at),
            acknowledged_at: incident.acknowledged_at.map(At),
            declared_at: incident.declared_at.map(At),
            resolved_at: incident.resolved_at.map(At),
            closed_at: incident.closed_at.map(At),
            rule: incident.rule,
            plan_version: incident.plan_version,
            merged_into: None,
            version: incident.version,
            tasks: None,
        }
    }
}

impl IncidentDocument {
    /// Shows an incident in a list.
    pub(crate) fn listed(row: IncidentRow) -> Self {
        Self {
            alerts: row.alert_ids,
            update_due_at: row.update_due.map(|due| At(due.due_at)),
            stalled_since: row.stalled_since.map(At),
            crowded: row.crowded.into_iter().map(CrowdedDocument::from).collect(),
            alert_count: row.alerts,
            open_task_count: row.open_tasks,
            ..Self::of(row.incident)
        }
    }

    /// Shows an incident after a change. Whoever may change but no longer see it (it was just restricted) gets what
    /// the change itself returned.
    pub(crate) async fn shown(state: &AppState, who: &Identity, incident: Incident) -> Result<Self, Failure> {
        match state.engine.incident(who, &incident.id.to_string()).await {
            Ok(detail) => Ok(detail.into()),
            Err(Error::NotFound(_)) => Ok(Self::of(incident)),
            Err(error) => Err(error.into()),
        }
    }
}

impl From<IncidentDetail> for IncidentDocument {
    fn from(detail: IncidentDetail) -> Self {
        let open = detail.tasks.iter().filter(|task| task.state.is_open()).count();
        Self {
            alerts: detail.alerts.iter().map(|alert| alert.id).collect(),
            alert_count: detail.alert_count,
            open_task_count: i64::try_from(open).unwrap_or(i64::MAX),
            update_due_at: detail.update_due.map(|due| At(due.due_at)),
            stalled_since: detail.stalled_since.map(At),
            crowded: detail.crowded.iter().cloned().map(CrowdedDocument::from).collect(),
            teams: Some(detail.teams()),
            links: Some(detail.links.iter().map(|link| (link.link.clone(), link.address.clone())).collect()),
            responsibility: Some(detail.responsibility.into()),
            resolution: detail.resolution.map(ResolutionDocument::from),
            merged_into: detail.merged_into.map(IncidentRefDocument::from),
            tasks: Some(detail.tasks.into_iter().map(TaskDocument::from).collect()),
            ..Self::of(detail.incident)
        }
    }
}

impl From<Crowded> for CrowdedDocument {
    fn from(crowded: Crowded) -> Self {
        Self { role: crowded.title, holder: crowded.holder, people: crowded.people, most: crowded.most }
    }
}

impl From<Assignment> for RoleDocument {
    fn from(held: Assignment) -> Self {
        Self { role: held.role.as_str().to_owned(), holder: held.holder, since: At(held.since), offered_to: held.offered_to }
    }
}

fn postmortem(state: &Postmortem) -> &'static str {
    match state {
        Postmortem::NotDue => "not_due",
        Postmortem::Due => "due",
        Postmortem::Published => "published",
        Postmortem::Waived { .. } => "waived",
    }
}
