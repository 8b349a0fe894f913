//! What people and rules may ask of an incident, and how it refuses.

use super::{Class, Phase, Role, Sensitivity, Visibility};
use crate::Severity;
use crate::access::Right;
use crate::id::IncidentId;

/// A wish; [`super::Incident::decide`] grants or refuses it.
#[derive(Clone, PartialEq, Debug)]
pub enum Command {
    Triage {
        class: Class,
        severity: Option<Severity>,
        team: String,
    },
    Declare {
        severity: Option<Severity>,
        reason: String,
    },
    SetSeverity {
        to: Severity,
        reason: String,
    },
    SetPhase {
        to: Phase,
        reason: String,
    },
    Resolve {
        reason: String,
    },
    /// Closing a SEV1 or SEV2 whose postmortem is not published needs a waiver with a reason.
    Close {
        waiver: Option<String>,
    },
    Reopen {
        reason: String,
    },
    Dismiss {
        reason: String,
    },
    MergeInto {
        incident: IncidentId,
        reason: String,
    },
    AssignRole {
        role: Role,
        holder: String,
    },
    VacateRole {
        role: Role,
    },
    OfferRole {
        role: Role,
        to: String,
    },
    /// The person to whom a role was offered takes it.
    AcceptRole {
        role: Role,
        by: String,
    },
    Acknowledge {
        by: String,
    },
    Rename {
        title: String,
    },
    Summarise {
        summary: String,
    },
    SetTeam {
        team: String,
    },
    SetVisibility {
        to: Visibility,
        reason: String,
    },
    /// Decides that the full scope is known: only then may a restricted incident be opened.
    KnowScope {
        reason: String,
    },
    SetSensitivity {
        to: Sensitivity,
        reason: String,
    },
    Note {
        text: String,
    },
}

impl Command {
    /// Returns the right that it needs on the incident.
    pub fn needs(&self) -> Right {
        match self {
            Self::SetVisibility { .. } | Self::SetSensitivity { .. } | Self::KnowScope { .. } => Right::Manage,
            Self::Note { .. } => Right::Say,
            Self::Acknowledge { .. } | Self::Resolve { .. } | Self::SetPhase { to: Phase::Resolved, .. } => Right::Heal,
            _ => Right::Act,
        }
    }
}

/// Why an incident does not do what was asked; the text names the law and the way on.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    #[error("the incident is {phase}: reopen it first")]
    NotOpen { phase: Phase },
    #[error("{from} cannot become {to}; next is {next}")]
    IllegalPhase { from: Phase, to: Phase, next: String },
    #[error("declaring needs a severity: choose sev1 to sev5, and if unsure take the higher")]
    SeverityMissing,
    #[error("a reason is needed")]
    ReasonMissing,
    #[error("the text is empty")]
    TextMissing,
    #[error("it is already so")]
    Unchanged,
    #[error("a declared incident always has a commander: assign another instead of vacating the role")]
    CommanderNeeded,
    #[error("nobody can lead it: a declared incident needs a commander, so assign one first or add an owner")]
    NobodyLeads,
    #[error("{holder} leads this incident, and who leads does no technical work: give the task to somebody else, or insist")]
    LeadsAlready { holder: String },
    #[error("{role} is held by nobody: assign it")]
    RoleVacant { role: Role },
    #[error("{role} was not offered to {by}")]
    NotOffered { role: Role, by: String },
    #[error("the incident is {phase}; only contained, eradicated, recovered, resolved, closed or dismissed ones are reopened")]
    NotReopenable { phase: Phase },
    #[error("the postmortem of a SEV1 or SEV2 is neither published nor waived: give a waiver with its reason")]
    PostmortemDue,
    #[error("a restricted incident is opened only when its full scope is known: record that decision first")]
    ScopeUnknown,
    #[error("an incident about employees stays with those named on it: take the sensitivity off first")]
    Sensitive,
    #[error("an incident cannot be merged into itself")]
    MergeIntoSelf,
    #[error("the other incident is {phase}: merge into one that is open, or reopen it first")]
    MergeIntoOver { phase: Phase },
    #[error("the other incident is hidden, and a merge would tell of it: restrict this one first")]
    MergeIntoHidden,
    #[error("T-{number} is another person's: take it over before accepting it")]
    NotTheTasksOwner { number: i64 },
    #[error("T-{number} is not done yet: only what is done is verified")]
    TaskNotDone { number: i64 },
    #[error("T-{number} is verified by somebody other than its owner")]
    VerifiedByItsOwner { number: i64 },
    #[error("T-{number} asks for consulting first: record who was consulted, or say why it was done without")]
    NotConsulted { number: i64 },
    #[error("whoever does T-{number} does not answer for those who are to be consulted")]
    ConsultedByItsOwner { number: i64 },
    #[error("nobody has said that it is resolved")]
    NothingToVerify,
    #[error("{by} says that it is resolved: somebody else has to verify it")]
    VerifiedByWhoResolved { by: String },
}
