//! The laws of an incident.

use super::{Command, Fact, Incident, Phase, Postmortem, Refusal, Role, Sensitivity, Visibility};
use crate::{Severity, limits, text};

impl Incident {
    /// Tells what follows from a command, or why nothing does. Changes nothing.
    ///
    /// # Errors
    /// [`Refusal`] names the law that forbids it and the way on.
    pub fn decide(&self, command: &Command) -> Result<Vec<Fact>, Refusal> {
        match command {
            Command::Note { text } => Ok(vec![Fact::Noted { text: written(text)? }]),
            Command::Reopen { reason } => self.reopen(reason),
            Command::Close { waiver } => self.close(waiver.as_deref()),
            Command::Acknowledge { by } => {
                self.open()?;
                let fact = Fact::Acknowledged { by: by.clone() };
                if self.acknowledged_at.is_some() { Err(Refusal::Unchanged) } else { Ok(vec![fact]) }
            }
            Command::Rename { title } => {
                let title = written(title)?;
                if title == self.title { Err(Refusal::Unchanged) } else { Ok(vec![Fact::Renamed { title }]) }
            }
            Command::Summarise { summary } => Ok(vec![Fact::Summarised { summary: written(summary)? }]),
            Command::SetSeverity { to, reason } => self.set_severity(*to, reason),
            Command::SetVisibility { to, reason } => self.set_visibility(*to, reason),
            Command::KnowScope { reason } if self.scope_known_at.is_none() => {
                Ok(vec![Fact::ScopeKnown { reason: reasoned(reason)? }])
            }
            Command::KnowScope { .. } => Err(Refusal::Unchanged),
            Command::SetSensitivity { to, .. } if *to == self.sensitivity => Err(Refusal::Unchanged),
            Command::SetSensitivity { to, reason } => {
                Ok(vec![Fact::SensitivityChanged { from: self.sensitivity, to: *to, reason: reasoned(reason)? }])
            }
            _ => {
                self.open()?;
                self.decide_open(command)
            }
        }
    }

    fn decide_open(&self, command: &Command) -> Result<Vec<Fact>, Refusal> {
        match command {
            Command::Triage { class, severity, team } => {
                let severity = severity.or(self.severity);
                Ok(vec![Fact::Triaged { class: *class, severity, team: team.clone() }])
            }
            Command::Declare { severity, reason } => self.declare(*severity, reason),
            Command::SetPhase { to, reason } => self.set_phase(*to, reason),
            Command::Resolve { reason } => self.set_phase(Phase::Resolved, reason),
            Command::Dismiss { reason } => Ok(vec![self.moves(Phase::Dismissed, &reasoned(reason)?)]),
            Command::MergeInto { incident, reason } => {
                if *incident == self.id {
                    return Err(Refusal::MergeIntoSelf);
                }
                Ok(vec![Fact::MergedInto { incident: *incident, reason: reason.clone() }])
            }
            Command::AssignRole { role, holder } => self.assign(role, holder),
            Command::VacateRole { role } => {
                if *role == Role::commander() && self.phase >= Phase::Declared {
                    return Err(Refusal::CommanderNeeded);
                }
                let holder = self.holder(role).ok_or_else(|| Refusal::RoleVacant { role: role.clone() })?.to_owned();
                Ok(vec![Fact::RoleVacated { role: role.clone(), holder }])
            }
            Command::OfferRole { role, to } => {
                let from = self.holder(role).ok_or_else(|| Refusal::RoleVacant { role: role.clone() })?.to_owned();
                if from == *to {
                    Err(Refusal::Unchanged)
                } else {
                    Ok(vec![Fact::RoleOffered { role: role.clone(), from, to: written(to)? }])
                }
            }
            Command::AcceptRole { role, by } => {
                let offered = self.roles.iter().any(|held| held.role == *role && held.offered_to.as_ref() == Some(by));
                if offered { self.assign(role, by) } else { Err(Refusal::NotOffered { role: role.clone(), by: by.clone() }) }
            }
            Command::SetTeam { team } => {
                let to = written(&text::line(team, limits::TEAM_CHARS))?;
                if to == self.team {
                    Err(Refusal::Unchanged)
                } else {
                    Ok(vec![Fact::TeamChanged { from: self.team.clone(), to }])
                }
            }
            _ => Err(Refusal::Unchanged),
        }
    }

    fn declare(&self, severity: Option<Severity>, reason: &str) -> Result<Vec<Fact>, Refusal> {
        if self.phase >= Phase::Declared {
            return Err(self.illegal(Phase::Declared));
        }
        let to = severity.or(self.severity).ok_or(Refusal::SeverityMissing)?;
        let mut facts = Vec::new();
        if self.severity != Some(to) {
            facts.push(Fact::SeverityChanged { from: self.severity, to, reason: reason.to_owned() });
        }
        facts.push(self.moves(Phase::Declared, reason));
        Ok(facts)
    }

    fn set_phase(&self, to: Phase, reason: &str) -> Result<Vec<Fact>, Refusal> {
        match to {
            Phase::Declared => return self.declare(None, reason),
            Phase::Dismissed => return Ok(vec![self.moves(to, &reasoned(reason)?)]),
            Phase::Closed => return self.close(None),
            Phase::Merged => return Err(self.illegal(to)),
            _ => {}
        }
        if !self.phase.next(self.class, self.severity).contains(&to) {
            return Err(self.illegal(to));
        }
        if to > Phase::Declared && self.severity.is_none() {
            return Err(Refusal::SeverityMissing);
        }
        Ok(vec![self.moves(to, reason)])
    }

    fn set_severity(&self, to: Severity, reason: &str) -> Result<Vec<Fact>, Refusal> {
        if self.phase.is_final() {
            return Err(Refusal::NotOpen { phase: self.phase });
        }
        if self.severity == Some(to) {
            return Err(Refusal::Unchanged);
        }
        Ok(vec![Fact::SeverityChanged { from: self.severity, to, reason: reasoned(reason)? }])
    }

    fn set_visibility(&self, to: Visibility, reason: &str) -> Result<Vec<Fact>, Refusal> {
        if self.visibility == to {
            return Err(Refusal::Unchanged);
        }
        if to == Visibility::Open && self.sensitivity == Sensitivity::Employee {
            return Err(Refusal::Sensitive);
        }
        if to == Visibility::Open && self.scope_known_at.is_none() {
            return Err(Refusal::ScopeUnknown);
        }
        Ok(vec![Fact::VisibilityChanged { from: self.visibility, to, reason: reasoned(reason)? }])
    }

    fn assign(&self, role: &Role, holder: &str) -> Result<Vec<Fact>, Refusal> {
        let holder = written(holder)?;
        let from = self.holder(role).map(str::to_owned);
        if from.as_deref() == Some(holder.as_str()) {
            return Err(Refusal::Unchanged);
        }
        Ok(vec![Fact::RoleAssigned { role: role.clone(), holder, from }])
    }

    fn close(&self, waiver: Option<&str>) -> Result<Vec<Fact>, Refusal> {
        if self.phase != Phase::Resolved {
            return Err(self.illegal(Phase::Closed));
        }
        let closes = self.moves(Phase::Closed, "");
        match (&self.postmortem, waiver) {
            (Postmortem::Due, None) => Err(Refusal::PostmortemDue),
            (Postmortem::Due, Some(reason)) => Ok(vec![Fact::PostmortemWaived { reason: reasoned(reason)? }, closes]),
            _ => Ok(vec![closes]),
        }
    }

    /// Every phase from contained on goes back to declared; a dismissed one goes back to triage.
    fn reopen(&self, reason: &str) -> Result<Vec<Fact>, Refusal> {
        let to = match self.phase {
            Phase::Contained | Phase::Eradicated | Phase::Recovered | Phase::Resolved | Phase::Closed => Phase::Declared,
            Phase::Dismissed => Phase::Triaged,
            phase => return Err(Refusal::NotReopenable { phase }),
        };
        Ok(vec![Fact::Reopened { from: self.phase, to, reason: reasoned(reason)? }])
    }

    fn open(&self) -> Result<(), Refusal> {
        if self.phase.is_open() { Ok(()) } else { Err(Refusal::NotOpen { phase: self.phase }) }
    }

    fn moves(&self, to: Phase, reason: &str) -> Fact {
        Fact::PhaseChanged { from: self.phase, to, reason: reason.to_owned() }
    }

    fn illegal(&self, to: Phase) -> Refusal {
        let next = self.phase.next(self.class, self.severity);
        let next = if next.is_empty() {
            "none".to_owned()
        } else {
            next.iter().map(|phase| phase.as_str()).collect::<Vec<_>>().join(", ")
        };
        Refusal::IllegalPhase { from: self.phase, to, next }
    }
}

fn reasoned(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() { Err(Refusal::ReasonMissing) } else { Ok(reason.to_owned()) }
}

fn written(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() { Err(Refusal::TextMissing) } else { Ok(text.to_owned()) }
}
