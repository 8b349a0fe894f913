//! Filling roles: who can take which, and the law that a declared incident is led.

use super::{Command, Fact, Incident, Refusal, Role};

/// Who can take the roles of an incident at an instant; made from plans and schedules.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Staffing {
    /// The roles that are filled by themselves, each with those who can take it, the first choice first.
    pub roles: Vec<(Role, Vec<String>)>,
    /// Who leads where nobody does, the first choice first: the schedules' commanders, then the fallback holders.
    pub leaders: Vec<String>,
}

impl Staffing {
    /// Returns the facts that fill what is vacant. A role that is held stays with its holder, whoever holds the schedule.
    pub fn fill(&self, incident: &Incident) -> Vec<Fact> {
        if !incident.phase.is_open() {
            return Vec::new();
        }
        let vacant = self.roles.iter().filter(|(role, _)| incident.holder(role).is_none());
        vacant.filter_map(|(role, people)| Some(assigned(role, people.first()?))).collect()
    }

    /// Adds the fact that somebody leads, if after these facts a declared incident would be led by nobody.
    ///
    /// # Errors
    /// [`Refusal::NobodyLeads`] if nobody can.
    pub fn lead(&self, incident: &Incident, mut facts: Vec<Fact>) -> Result<Vec<Fact>, Refusal> {
        let mut after = incident.clone();
        for fact in &facts {
            after.apply(fact, incident.updated_at);
        }
        if after.needs_commander() && after.commander().is_none() {
            facts.push(assigned(&Role::commander(), self.leaders.first().ok_or(Refusal::NobodyLeads)?));
        }
        Ok(facts)
    }

    /// Returns the facts that take somebody out of an incident: their roles become vacant, the commander's goes to the next
    /// who can lead.
    ///
    /// # Errors
    /// [`Refusal::NobodyLeads`] if the incident is declared and nobody else can lead.
    pub fn without(&self, incident: &Incident, person: &str) -> Result<Vec<Fact>, Refusal> {
        let mut facts = Vec::new();
        for held in incident.roles.iter().filter(|held| held.holder == person) {
            let next = self.leaders.iter().find(|leader| *leader != person);
            match next {
                Some(next) if held.role == Role::commander() && incident.needs_commander() => {
                    let (role, from) = (held.role.clone(), Some(person.to_owned()));
                    facts.push(Fact::RoleAssigned { role, holder: next.clone(), from });
                }
                None if held.role == Role::commander() && incident.needs_commander() => return Err(Refusal::NobodyLeads),
                _ => facts.push(Fact::RoleVacated { role: held.role.clone(), holder: person.to_owned() }),
            }
        }
        Ok(facts)
    }
}

impl Incident {
    /// Tells whether it must have a commander: from declared until it is resolved.
    pub fn needs_commander(&self) -> bool {
        self.phase.is_open() && self.phase >= super::Phase::Declared
    }

    /// As [`Incident::decide`], and a declared incident is led: where nobody leads yet, the first leader of the staffing does.
    ///
    /// # Errors
    /// [`Refusal`] names the law that forbids it.
    pub fn decide_led(&self, command: &Command, staffing: &Staffing) -> Result<Vec<Fact>, Refusal> {
        staffing.lead(self, self.decide(command)?)
    }
}

fn assigned(role: &Role, holder: &str) -> Fact {
    Fact::RoleAssigned { role: role.clone(), holder: holder.to_owned(), from: None }
}
