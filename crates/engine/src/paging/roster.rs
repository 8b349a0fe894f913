//! Who can be paged and who can take a role, read once before a transaction begins.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use watchfire_core::access::{Level, Role as AccessRole};
use watchfire_core::actor::Actor;
use watchfire_core::escalation::{Directory, Reach, Target};
use watchfire_core::incident::{Incident, Role, Sensitivity, Staffing};
use watchfire_core::person::State;
use watchfire_store::paging::{self, Preference, Somebody};
use watchfire_store::{Conn, Error as StoreError, grant, membership};

use super::drive::With;
use super::hours;
use crate::plans::PlanSet;
use crate::{Engine, Error};

/// People, teams, schedules and quiet hours at one instant, with the plans in force.
pub(crate) struct Roster {
    pub(crate) plans: Arc<PlanSet>,
    now: Timestamp,
    people: BTreeMap<String, Somebody>,
    teams: BTreeMap<String, Vec<String>>,
    schedules: BTreeMap<String, Vec<String>>,
    preferences: BTreeMap<String, Preference>,
}

impl Roster {
    /// A roster without anybody.
    pub(super) fn nobody(plans: Arc<PlanSet>, now: Timestamp) -> Self {
        let (people, teams, schedules, preferences) = Default::default();
        Self { plans, now, people, teams, schedules, preferences }
    }

    /// Returns the active people behind a target, the first choice first; roles are of the incident.
    fn behind(&self, target: &Target, incident: &Incident) -> Vec<String> {
        match target {
            Target::Person(login) => vec![login.clone()],
            Target::Schedule(id) => self.schedules.get(id).cloned().unwrap_or_default(),
            Target::Team(id) => self.teams.get(id).cloned().unwrap_or_default(),
            Target::Role(role) => incident.holder(role).map(str::to_owned).into_iter().collect(),
            Target::Owners => self.owners(),
        }
    }

    /// Returns the active people behind a target that is no role of an incident.
    pub(crate) fn always(&self, target: &Target) -> Vec<String> {
        let people = match target {
            Target::Person(login) => vec![login.clone()],
            Target::Schedule(id) => self.schedules.get(id).cloned().unwrap_or_default(),
            Target::Team(id) => self.teams.get(id).cloned().unwrap_or_default(),
            Target::Role(_) => Vec::new(),
            Target::Owners => self.owners(),
        };
        people.into_iter().filter(|person| self.is_active(person)).collect()
    }

    fn owners(&self) -> Vec<String> {
        let owner = |person: &&Somebody| person.role == AccessRole::Owner && person.state == State::Active;
        self.people.values().filter(owner).map(|person| person.login.clone()).collect()
    }

    fn is_active(&self, login: &str) -> bool {
        self.people.get(login).is_some_and(|person| person.state == State::Active)
    }

    /// Returns the active people behind a target; roles are of the incident.
    pub(crate) fn active(&self, target: &Target, incident: &Incident) -> Vec<String> {
        let mut people = self.behind(target, incident);
        people.retain(|person| self.is_active(person));
        people
    }

    /// Tells whether somebody stands behind a target now.
    pub(crate) fn stands(&self, target: &Target, incident: &Incident, login: &str) -> bool {
        self.active(target, incident).iter().any(|person| person == login)
    }

    /// Tells whether a login is an active person's.
    pub(crate) fn is_there(&self, login: &str) -> bool {
        self.is_active(login)
    }

    /// Returns the role of an active person.
    pub(crate) fn role_of(&self, login: &str) -> Option<AccessRole> {
        self.people.get(login).filter(|person| person.state == State::Active).map(|person| person.role)
    }

    /// Returns who can take the roles of an incident now.
    pub(crate) fn staffing(&self, incident: &Incident) -> Staffing {
        let roles = &self.plans.roles;
        let able = |targets: &[Target]| -> Vec<String> {
            let mut people = Vec::new();
            for person in targets.iter().flat_map(|target| self.behind(target, incident)) {
                if self.is_active(&person) && !people.contains(&person) {
                    people.push(person);
                }
            }
            people
        };
        let mut leaders = roles.get(&Role::commander()).map(|plan| able(&plan.from)).unwrap_or_default();
        for person in able(&roles.fallback).into_iter().chain(self.owners()) {
            if !leaders.contains(&person) {
                leaders.push(person);
            }
        }
        let due = roles.due(incident).map(|plan| match plan.role == Role::commander() {
            true => (plan.role.clone(), leaders.clone()),
            false => (plan.role.clone(), able(&plan.from)),
        });
        Staffing { roles: due.collect(), leaders }
    }

    /// Tells whether it is night where somebody is: between 22 and 6 o'clock.
    pub(super) fn is_night(&self, login: &str) -> bool {
        hours::is_night(self.zone(login), self.now)
    }

    fn zone(&self, login: &str) -> &str {
        let wished = self.preferences.get(login).and_then(|wish| wish.time_zone.as_deref());
        wished.or_else(|| self.people.get(login).map(|person| person.time_zone.as_str())).unwrap_or("UTC")
    }

    /// Returns who can take a role of an incident about employees: nobody by the plans, because a role gives sight. Who acts
    /// on it leads it, or else who holds a role in it already.
    fn staffing_within(&self, incident: &Incident, acts: Option<&str>) -> Staffing {
        let held = incident.roles.iter().map(|held| held.holder.as_str());
        let mut leaders: Vec<String> = Vec::new();
        for person in acts.into_iter().chain(held).filter(|person| self.is_active(person)) {
            if !leaders.iter().any(|known| known == person) {
                leaders.push(person.to_owned());
            }
        }
        Staffing { roles: Vec::new(), leaders }
    }
}

impl With {
    /// Returns who can take the roles of an incident now.
    pub(crate) fn staffing(&self, incident: &Incident) -> Staffing {
        if incident.sensitivity == Sensitivity::Normal {
            return self.roster.staffing(incident);
        }
        let acts = matches!(self.happening.actor, Actor::Person { .. }).then(|| self.happening.actor.id());
        self.roster.staffing_within(incident, acts)
    }

    /// As [`With::staffing`] where nobody acts on the incident itself: one about employees goes to whoever manages it.
    pub(super) async fn staffing_without(&self, conn: &mut Conn, incident: &Incident) -> Result<Staffing, StoreError> {
        if incident.sensitivity == Sensitivity::Normal {
            return Ok(self.roster.staffing(incident));
        }
        let mut staffing = self.roster.staffing_within(incident, None);
        for (person, level) in grant::people(conn, incident.id, self.happening.now).await? {
            if level == Level::Manage && self.roster.is_active(&person) && !staffing.leaders.contains(&person) {
                staffing.leaders.push(person);
            }
        }
        Ok(staffing)
    }

    /// Sees an incident's roles beside people and schedules. Of an incident about employees only those are there who are on it.
    ///
    /// # Errors
    /// As the store.
    pub(super) async fn view<'a>(&'a self, conn: &mut Conn, incident: &'a Incident) -> Result<View<'a>, StoreError> {
        let on_it = match incident.sensitivity {
            Sensitivity::Normal => None,
            Sensitivity::Employee => Some(grant::people(conn, incident.id, self.happening.now).await?),
        };
        Ok(View { roster: &self.roster, incident, on_it })
    }
}

/// The directory of one incident.
pub(super) struct View<'a> {
    roster: &'a Roster,
    incident: &'a Incident,
    /// Who is on an incident about employees, and how far; `None` for any other.
    on_it: Option<Vec<(String, Level)>>,
}

impl Directory for View<'_> {
    fn people(&self, target: &Target) -> Vec<String> {
        let mut people = self.roster.behind(target, self.incident);
        let Some(on_it) = &self.on_it else { return people };
        people.retain(|person| on_it.iter().any(|(known, _)| known == person));
        if people.is_empty() && *target == Target::Owners {
            // Owners are shut out: whoever manages it stands for them.
            let managers = on_it.iter().filter(|(_, level)| *level == Level::Manage);
            people.extend(managers.map(|(person, _)| person.clone()));
        }
        people
    }

    fn reach(&self, person: &str) -> Reach {
        if !self.roster.is_active(person) {
            return Reach::Gone;
        }
        let quiet = self.roster.preferences.get(person).and_then(|wish| wish.quiet);
        let until = quiet.and_then(|quiet| hours::quiet_until(self.roster.zone(person), quiet, self.roster.now));
        until.map_or(Reach::Open, Reach::QuietUntil)
    }
}

impl Engine {
    /// Reads who is there now.
    ///
    /// # Errors
    /// The store does not answer.
    pub(crate) async fn roster(&self) -> Result<Arc<Roster>, Error> {
        let (plans, now) = (self.0.plans.load_full(), self.now());
        let mut reader = self.store().read().await?;
        let mut roster = read(&mut reader, plans, now).await?;
        for schedule in self.schedules(&mut reader, now, now).await? {
            let holders = schedule.holders(now).into_iter().map(|holder| holder.login).collect();
            roster.schedules.insert(schedule.id, holders);
        }
        Ok(Arc::new(roster))
    }
}

async fn read(reader: &mut Conn, plans: Arc<PlanSet>, now: Timestamp) -> Result<Roster, Error> {
    let people = paging::everybody(reader).await?.into_iter().map(|person| (person.login.clone(), person)).collect();
    let mut teams: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for member in membership::list(reader).await? {
        teams.entry(member.team).or_default().push(member.login);
    }
    let preferences = paging::preferences(reader).await?.into_iter().map(|wish| (wish.login.clone(), wish)).collect();
    Ok(Roster { people, teams, preferences, ..Roster::nobody(plans, now) })
}
