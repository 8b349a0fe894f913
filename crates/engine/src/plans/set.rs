//! A compiled set of plans: one version.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use watchfire_core::Severity;
use watchfire_core::alert::Flapping;
use watchfire_core::condition::Expression;
use watchfire_core::incident::{Class, Visibility};
use watchfire_core::oncall::Schedule;

use super::{AccessPlan, Escalation, IncidentPlan, Responsibilities, Roles, SeverityRule, Stakeholders, TeamFile};

/// File name to text, as kept for each version.
pub type Files = BTreeMap<String, String>;

/// One version of the plans, ready to run.
#[derive(Clone, PartialEq, Debug)]
pub struct PlanSet {
    /// The first 12 hex digits of the SHA-256 over names and texts: the same files are the same version.
    pub version: String,
    pub files: Files,
    pub teams: Vec<TeamFile>,
    /// The rules in order; the first whose condition holds decides.
    pub routes: Vec<Route>,
    pub default: Default,
    pub maintenance: Vec<Maintenance>,
    pub flapping: Flapping,
    /// How incidents are run.
    pub incidents: Arc<IncidentPlan>,
    /// The schedules of `oncall.yaml`, in its order; who takes part is known only with the people of the installation.
    pub on_call: Vec<Schedule>,
    /// Who learns of an incident.
    pub access: AccessPlan,
    pub escalation: Escalation,
    pub roles: Roles,
    /// Who answers for an incident.
    pub responsibility: Responsibilities,
    /// Who is kept informed.
    pub stakeholders: Stakeholders,
}

/// What becomes of an alert that a rule matches.
#[derive(Clone, PartialEq, Debug)]
pub struct Route {
    pub name: String,
    /// The line of the rule in `routing.yaml`.
    pub line: u64,
    pub when: Expression,
    pub then: Default,
}

/// The outcome of a route; the default one serves alerts that no rule matches.
#[derive(Clone, PartialEq, Debug)]
pub struct Default {
    /// `None` takes the source's hint, or else `other`.
    pub class: Option<Class>,
    pub severity: SeverityRule,
    pub team: String,
    pub visibility: VisibilityRule,
    /// Alerts with the same value share an incident; `None` groups as the sender does, or else not at all.
    pub group_by: Option<Expression>,
    /// How long after its last alert an incident still takes further ones.
    pub group_window: SignedDuration,
    /// The incident's title; `None` takes the alert's.
    pub title: Option<Expression>,
    pub playbooks: Vec<String>,
    /// The incident is declared at once instead of waiting for a person.
    pub declare: bool,
    /// Whether there is an incident at all; without, the alert waits in the team's queue.
    pub incident: bool,
}

/// How a route sets who may learn of the incident.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VisibilityRule {
    /// As `access.yaml` says for the class and severity.
    ByClass,
    Fixed(Visibility),
}

impl VisibilityRule {
    /// Returns the visibility for a class and severity.
    pub fn of(self, plan: &AccessPlan, class: Class, severity: Option<Severity>) -> Visibility {
        match self {
            Self::Fixed(visibility) => visibility,
            Self::ByClass => plan.visibility(class, severity),
        }
    }
}

/// A window in which matching alerts raise nothing.
#[derive(Clone, PartialEq, Debug)]
pub struct Maintenance {
    pub name: String,
    pub when: Expression,
    pub from: Timestamp,
    pub until: Timestamp,
    pub reason: String,
}
