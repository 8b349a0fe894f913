//! What happened to an incident.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Class, Phase, Role, Sensitivity, SignalState, TaskState, UsersImpacted, Visibility};
use crate::Severity;
use crate::id::{AlertId, IncidentId, TaskId};

/// One thing that happened; each becomes one entry of the record.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
pub enum Fact {
    /// It came to be: from an alert under a rule, or from a person.
    Reported {
        rule: String,
    },
    Triaged {
        class: Class,
        severity: Option<Severity>,
        team: String,
    },
    SeverityChanged {
        from: Option<Severity>,
        to: Severity,
        reason: String,
    },
    PhaseChanged {
        from: Phase,
        to: Phase,
        reason: String,
    },
    Reopened {
        from: Phase,
        to: Phase,
        reason: String,
    },
    RoleAssigned {
        role: Role,
        holder: String,
        from: Option<String>,
    },
    RoleVacated {
        role: Role,
        holder: String,
    },
    RoleOffered {
        role: Role,
        from: String,
        to: String,
    },
    SignalChanged {
        to: SignalState,
    },
    Acknowledged {
        by: String,
    },
    Renamed {
        title: String,
    },
    Summarised {
        summary: String,
    },
    TeamChanged {
        from: String,
        to: String,
    },
    VisibilityChanged {
        from: Visibility,
        to: Visibility,
        reason: String,
    },
    ScopeKnown {
        reason: String,
    },
    SensitivityChanged {
        from: Sensitivity,
        to: Sensitivity,
        reason: String,
    },
    AlertLinked {
        alert: AlertId,
    },
    TaskChanged {
        task: TaskId,
        number: i64,
        title: String,
        state: TaskState,
        owner: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        team: Option<String>,
    },
    Noted {
        text: String,
    },
    MergedInto {
        incident: IncidentId,
        reason: String,
    },
    MergedFrom {
        incident: IncidentId,
        reason: String,
    },
    PostmortemWaived {
        reason: String,
    },
    /// A developer says that it is over; somebody else has to verify it.
    ResolutionProposed {
        by: String,
        reason: String,
    },
    /// Somebody else looked and does not agree.
    ResolutionRejected {
        by: String,
        reason: String,
    },
    /// Somebody who has to be consulted about a task says that they were.
    Consulted {
        task: TaskId,
        number: i64,
        by: String,
        text: String,
    },
    /// A task is done though nobody was consulted.
    ConsultWaived {
        task: TaskId,
        number: i64,
        reason: String,
    },
    /// A status update, or a new version of one: `version` above 1.
    UpdateWritten {
        number: i64,
        version: i64,
        users: UsersImpacted,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_due_at: Option<Timestamp>,
        risk: String,
        timeline: String,
        mitigation: String,
        status: String,
        next_steps: String,
    },
    /// Where people meet or write: a call, a room, a document elsewhere. An empty address takes it away.
    LinkSet {
        link: String,
        address: String,
    },
    /// A version of the tracking document; its text stands in the store.
    DocumentWritten {
        version: i64,
        template: String,
    },
    /// Somebody who is not on the incident saw something and said so.
    ReportReceived {
        reporter: String,
    },
    /// The reporter was told that somebody looks at it.
    ReportAcknowledged {
        reporter: String,
    },
    /// One line of the triage checklist.
    CheckAnswered {
        check: String,
        answer: String,
    },
}

impl Fact {
    /// Returns the entry kind's word.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Reported { .. } => "incident.reported",
            Self::Triaged { .. } => "incident.triaged",
            Self::SeverityChanged { .. } => "incident.severity_changed",
            Self::PhaseChanged { .. } => "incident.phase_changed",
            Self::Reopened { .. } => "incident.reopened",
            Self::RoleAssigned { .. } => "incident.role_assigned",
            Self::RoleVacated { .. } => "incident.role_vacated",
            Self::RoleOffered { .. } => "incident.role_offered",
            Self::SignalChanged { .. } => "incident.signal_changed",
            Self::Acknowledged { .. } => "incident.acknowledged",
            Self::Renamed { .. } => "incident.renamed",
            Self::Summarised { .. } => "incident.summarised",
            Self::TeamChanged { .. } => "incident.team_changed",
            Self::VisibilityChanged { .. } => "incident.visibility_changed",
            Self::ScopeKnown { .. } => "incident.scope_known",
            Self::SensitivityChanged { .. } => "incident.sensitivity_changed",
            Self::AlertLinked { .. } => "incident.alert_linked",
            Self::TaskChanged { .. } => "incident.task_changed",
            Self::Noted { .. } => "incident.noted",
            Self::MergedInto { .. } => "incident.merged_into",
            Self::MergedFrom { .. } => "incident.merged_from",
            Self::PostmortemWaived { .. } => "incident.postmortem_waived",
            Self::ResolutionProposed { .. } => "incident.resolution_proposed",
            Self::ResolutionRejected { .. } => "incident.resolution_rejected",
            Self::Consulted { .. } => "incident.consulted",
            Self::ConsultWaived { .. } => "incident.consult_waived",
            Self::UpdateWritten { .. } => "incident.update_written",
            Self::LinkSet { .. } => "incident.link_set",
            Self::DocumentWritten { .. } => "incident.document_written",
            Self::ReportReceived { .. } => "incident.report_received",
            Self::ReportAcknowledged { .. } => "incident.report_acknowledged",
            Self::CheckAnswered { .. } => "incident.check_answered",
        }
    }

    /// Returns the names of the fields that people wrote: the record keeps them sealed, with a commitment in the leaf.
    pub fn confidential_fields(&self) -> &'static [&'static str] {
        match self {
            Self::SeverityChanged { .. }
            | Self::PhaseChanged { .. }
            | Self::Reopened { .. }
            | Self::VisibilityChanged { .. }
            | Self::ScopeKnown { .. }
            | Self::SensitivityChanged { .. }
            | Self::MergedInto { .. }
            | Self::MergedFrom { .. }
            | Self::PostmortemWaived { .. }
            | Self::ResolutionProposed { .. }
            | Self::ResolutionRejected { .. }
            | Self::ConsultWaived { .. } => &["reason"],
            Self::Renamed { .. } | Self::TaskChanged { .. } => &["title"],
            Self::Summarised { .. } => &["summary"],
            Self::Noted { .. } | Self::Consulted { .. } => &["text"],
            Self::UpdateWritten { .. } => &["risk", "timeline", "mitigation", "status", "next_steps"],
            Self::LinkSet { .. } => &["address"],
            Self::CheckAnswered { .. } => &["answer"],
            _ => &[],
        }
    }
}
