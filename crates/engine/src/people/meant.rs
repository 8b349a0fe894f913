//! Whom somebody means who writes a name.

use watchfire_core::access::{Identity, Role};
use watchfire_core::incident::Command;
use watchfire_core::limits;
use watchfire_core::person::{Person, State};

use crate::{Engine, Error, words};

/// Logins named in an error at most.
const NEAR: usize = 3;

impl Engine {
    /// Returns the login of the active person that `given` means: their login, the part of it before the @, or their name, each in
    /// any case of letters and with or without an @ before it, if it is one person's alone.
    ///
    /// While the first owner is the only account, others may be named who have none: they are taken as they are written. Whoever
    /// has the role Restricted, and sees no list of people, has to know the login.
    ///
    /// # Errors
    /// It means nobody, somebody who is disabled, or several; or the store does not answer.
    pub async fn person_meant(&self, who: &Identity, field: &'static str, given: &str) -> Result<String, Error> {
        let wanted = words::line(field, given.trim().trim_start_matches('@'), watchfire_core::person::NAME_CHARS)?;
        if wanted.is_empty() {
            return Err(Error::invalid(field, "name a person"));
        }
        let mut reader = self.store().read().await?;
        let known = self.everybody(&mut reader).await?;
        drop(reader);
        let people = &known.people;
        let mut found = meant(people, &wanted);
        if who.role == Role::Restricted {
            found.retain(|person| person.login == wanted.to_lowercase());
        }
        match found.as_slice() {
            [one] if one.state == State::Active => Ok(one.login.clone()),
            [one] => Err(Error::invalid(field, format!("{} is {} and cannot take it", one.login, one.state.as_str()))),
            [] if people.len() < 2 => Ok(wanted),
            [] => Err(Error::invalid(field, format!("{wanted:?} is nobody's login or name; People lists everybody"))),
            several => {
                let logins: Vec<_> = several.iter().take(NEAR).map(|person| person.login.as_str()).collect();
                Err(Error::invalid(field, format!("{wanted:?} may be {}: write the login", logins.join(" or "))))
            }
        }
    }

    /// As [`Engine::person_meant`] for a field that may be empty.
    ///
    /// # Errors
    /// As there.
    pub(crate) async fn person_meant_if_any(
        &self,
        who: &Identity,
        field: &'static str,
        given: Option<&str>,
    ) -> Result<Option<String>, Error> {
        match given.map(str::trim).filter(|given| !given.is_empty()) {
            Some(given) => self.person_meant(who, field, given).await.map(Some),
            None => Ok(None),
        }
    }

    /// Returns the id of the team that `given` means: its id or its title in any case of letters; `None` if it is empty. As long as
    /// there is one account alone, any name is taken.
    ///
    /// # Errors
    /// The plans know no such team, or the store does not answer.
    pub(crate) async fn team_meant(&self, given: Option<&str>) -> Result<Option<String>, Error> {
        let wanted = words::line("team", given.unwrap_or_default(), limits::TEAM_CHARS)?;
        if wanted.is_empty() {
            return Ok(None);
        }
        let plans = self.0.plans.load();
        let lower = wanted.to_lowercase();
        if let Some(team) = plans.teams.iter().find(|team| team.id.to_lowercase() == lower || team.title.to_lowercase() == lower)
        {
            return Ok(Some(team.id.clone()));
        }
        let mut reader = self.store().read().await?;
        if self.everybody(&mut reader).await?.people.len() < 2 {
            return Ok(Some(wanted));
        }
        let known: Vec<_> = plans.teams.iter().map(|team| team.id.as_str()).collect();
        Err(Error::invalid("team", format!("the plans know no team {wanted:?}; there are {}", known.join(", "))))
    }

    /// Returns the command with the people and teams that it means, and clean words.
    ///
    /// # Errors
    /// It names nobody that is there, a role or a team that the plans do not know, or a text is too long.
    pub(crate) async fn command_meant(&self, who: &Identity, command: Command) -> Result<Command, Error> {
        let mut command = words::of_command(command)?;
        match &mut command {
            Command::AssignRole { role, holder: person } | Command::OfferRole { role, to: person } => {
                let plans = self.0.plans.load();
                if !plans.roles.roles.iter().any(|plan| plan.role == *role) {
                    let known: Vec<_> = plans.roles.roles.iter().map(|plan| plan.role.as_str()).collect();
                    return Err(Error::invalid("role", format!("the plans know no role {role}; there are {}", known.join(", "))));
                }
                *person = self.person_meant(who, "holder", person).await?;
            }
            Command::SetTeam { team } | Command::Triage { team, .. } => {
                *team = self.team_meant(Some(team)).await?.unwrap_or_default();
            }
            _ => {}
        }
        Ok(command)
    }
}

/// A whole login comes first: it is one person's, whatever others are called.
fn meant<'a>(people: &'a [Person], wanted: &str) -> Vec<&'a Person> {
    let wanted = wanted.to_lowercase();
    if let Some(person) = people.iter().find(|person| person.login == wanted) {
        return vec![person];
    }
    let called = |person: &&Person| {
        let local = person.login.split_once('@').map_or(person.login.as_str(), |(local, _)| local);
        local == wanted || person.name.to_lowercase() == wanted
    };
    let (active, others): (Vec<_>, Vec<_>) = people.iter().filter(called).partition(|person| person.state == State::Active);
    if active.is_empty() { others } else { active }
}
