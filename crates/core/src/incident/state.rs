//! The incident itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Assignment, Class, Fact, Phase, Role};
use crate::Severity;
use crate::id::IncidentId;

/// Who may learn of an incident.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// Those who are on it, and nobody else learns that it exists.
    Restricted,
    /// Everybody who has an account.
    Open,
}

/// Whom an incident is kept from beyond its visibility.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sensitivity {
    /// Nobody.
    #[default]
    Normal,
    /// It touches employees: owners too see it only with a role in it or a grant of their own.
    Employee,
}

impl Sensitivity {
    /// Returns the word that the API and the store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Employee => "employee",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Normal, Self::Employee].into_iter().find(|label| label.as_str() == word)
    }
}

/// Whether it is real; drills and tests stay out of every figure.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Real,
    Drill,
    Test,
}

/// Whether the alerts that raised it still fire. Gone is not closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignalState {
    /// No alert is linked.
    None,
    Present,
    Gone,
}

/// Whether a postmortem is owed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "state")]
pub enum Postmortem {
    NotDue,
    Due,
    Published,
    Waived { reason: String },
}

/// What people work on. Text fields are confidential: the store seals them under the incident's own key.
#[derive(Clone, PartialEq, Debug)]
pub struct Incident {
    pub id: IncidentId,
    /// What people say and outsiders may see: `INC-7K3QX`.
    pub short_id: String,
    /// Two words that tell nothing: `quiet-heron`.
    pub codename: String,
    pub title: String,
    /// Where we stand, in prose; empty until somebody writes it.
    pub summary: String,
    pub class: Class,
    /// `None` is unknown, which is not low; declaring needs one.
    pub severity: Option<Severity>,
    pub phase: Phase,
    pub team: String,
    pub visibility: Visibility,
    pub sensitivity: Sensitivity,
    pub kind: Kind,
    pub signal: SignalState,
    pub roles: Vec<Assignment>,
    pub postmortem: Postmortem,
    /// When the trouble began, as far as known.
    pub occurred_at: Option<Timestamp>,
    /// When the first signal or report reached us.
    pub detected_at: Timestamp,
    /// When a person first took it up.
    pub acknowledged_at: Option<Timestamp>,
    pub declared_at: Option<Timestamp>,
    pub resolved_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    /// When somebody decided that the full scope is known; a restricted incident is opened only after that.
    pub scope_known_at: Option<Timestamp>,
    /// The worst severity that signals have called for so far. Only a worse one raises the incident by itself: whoever set a
    /// lower severity knew of those before.
    pub signalled: Option<Severity>,
    /// The incident that this one went into.
    pub merged_into: Option<IncidentId>,
    /// The routing rule that raised it; empty if a person did.
    pub rule: String,
    /// The version of the plans that it was raised under.
    pub plan_version: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Counts changes from 1; the store refuses to save over a newer one.
    pub version: i64,
}

impl Incident {
    /// Returns the holder of a role.
    pub fn holder(&self, role: &Role) -> Option<&str> {
        self.roles.iter().find(|held| held.role == *role).map(|held| held.holder.as_str())
    }

    /// Returns the commander.
    pub fn commander(&self) -> Option<&str> {
        self.holder(&Role::commander())
    }

    /// Tells whether nobody may learn of it who is not on it: it is restricted, or about employees. What leaves the console
    /// names it by its codename alone.
    pub fn is_shut(&self) -> bool {
        self.visibility == Visibility::Restricted || self.sensitivity == Sensitivity::Employee
    }

    /// Folds a fact in; `now` is when it was recorded.
    pub fn apply(&mut self, fact: &Fact, now: Timestamp) {
        self.updated_at = now;
        match fact {
            Fact::Reported { .. }
            | Fact::Noted { .. }
            | Fact::AlertLinked { .. }
            | Fact::TaskChanged { .. }
            | Fact::MergedFrom { .. }
            | Fact::UpdateWritten { .. }
            | Fact::LinkSet { .. }
            | Fact::DocumentWritten { .. }
            | Fact::ReportReceived { .. }
            | Fact::ReportAcknowledged { .. }
            | Fact::CheckAnswered { .. }
            | Fact::ResolutionProposed { .. }
            | Fact::ResolutionRejected { .. }
            | Fact::Consulted { .. }
            | Fact::ConsultWaived { .. } => {}
            Fact::Triaged { class, severity, team } => {
                self.class = *class;
                self.severity = *severity;
                self.team.clone_from(team);
                if self.phase == Phase::Reported {
                    self.phase = Phase::Triaged;
                }
            }
            Fact::SeverityChanged { to, .. } => {
                self.severity = Some(*to);
                self.postmortem_follows_severity();
            }
            Fact::PhaseChanged { to, .. } => self.enter(*to, now),
            Fact::Reopened { to, .. } => {
                self.phase = *to;
                self.resolved_at = None;
                self.closed_at = None;
            }
            Fact::RoleAssigned { role, holder, .. } => {
                self.roles.retain(|held| held.role != *role);
                self.roles.push(Assignment { role: role.clone(), holder: holder.clone(), since: now, offered_to: None });
                self.roles.sort_by(|a, b| a.role.cmp(&b.role));
            }
            Fact::RoleVacated { role, .. } => self.roles.retain(|held| held.role != *role),
            Fact::RoleOffered { role, to, .. } => {
                for held in self.roles.iter_mut().filter(|held| held.role == *role) {
                    held.offered_to = Some(to.clone());
                }
            }
            Fact::SignalChanged { to } => self.signal = *to,
            Fact::Acknowledged { .. } => self.acknowledged_at = self.acknowledged_at.or(Some(now)),
            Fact::Renamed { title } => self.title.clone_from(title),
            Fact::Summarised { summary } => self.summary.clone_from(summary),
            Fact::TeamChanged { to, .. } => self.team.clone_from(to),
            Fact::VisibilityChanged { to, .. } => self.visibility = *to,
            Fact::ScopeKnown { .. } => self.scope_known_at = self.scope_known_at.or(Some(now)),
            Fact::SensitivityChanged { to, .. } => self.sensitivity = *to,
            Fact::MergedInto { incident, .. } => {
                self.merged_into = Some(*incident);
                self.enter(Phase::Merged, now);
            }
            Fact::PostmortemWaived { reason } => self.postmortem = Postmortem::Waived { reason: reason.clone() },
        }
    }

    fn enter(&mut self, phase: Phase, now: Timestamp) {
        self.phase = phase;
        match phase {
            Phase::Declared => self.declared_at = self.declared_at.or(Some(now)),
            Phase::Resolved => {
                self.resolved_at = Some(now);
                self.postmortem_follows_severity();
            }
            Phase::Closed | Phase::Dismissed | Phase::Merged => self.closed_at = Some(now),
            _ => {}
        }
    }

    /// A postmortem is owed for every resolved SEV1 and SEV2; what was published or waived stays so.
    fn postmortem_follows_severity(&mut self) {
        if matches!(self.postmortem, Postmortem::NotDue | Postmortem::Due) && self.phase >= Phase::Resolved {
            let owed = self.severity.is_some_and(|severity| severity.at_least(Severity::Sev2));
            self.postmortem = if owed { Postmortem::Due } else { Postmortem::NotDue };
        }
    }
}
