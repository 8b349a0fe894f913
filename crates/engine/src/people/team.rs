//! Teams: the plans say which there are, people say who is in them.

use watchfire_core::access::{Identity, Right, Role};
use watchfire_core::person::{self, Membership};
use watchfire_store::{membership, person as people};

use crate::{Engine, Error};

/// A team with its members.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TeamRow {
    /// The word that rules and the API use.
    pub id: String,
    /// The name for people.
    pub title: String,
    pub members: Vec<Membership>,
    /// The plans in force know it no more; it has members that stayed.
    pub gone: bool,
}

impl Engine {
    /// Lists the teams of the plans with their members, and teams that have members and left the plans.
    ///
    /// # Errors
    /// The role does not reach, or the store does not answer.
    pub async fn teams(&self, who: &Identity) -> Result<Vec<TeamRow>, Error> {
        who.may(Right::Read)?;
        let mut reader = self.store().read().await?;
        let mut memberships = membership::list(&mut reader).await?;
        if who.role == Role::Restricted {
            memberships.retain(|of| Some(of.login.as_str()) == who.login());
        }
        let plans = self.0.plans.load();
        let mut teams: Vec<TeamRow> = plans
            .teams
            .iter()
            .map(|team| TeamRow { id: team.id.clone(), title: team.title.clone(), members: Vec::new(), gone: false })
            .collect();
        for of in memberships {
            match teams.iter_mut().find(|team| team.id == of.team) {
                Some(team) => team.members.push(of),
                None => {
                    teams.push(TeamRow { id: of.team.clone(), title: of.team.clone(), members: vec![of], gone: true });
                }
            }
        }
        Ok(teams)
    }

    /// Puts a person into a team, or changes whether they lead it. Managers may, and the team's own leads.
    ///
    /// # Errors
    /// There is no such team or person, not allowed, it is so already, or the store does not answer.
    pub async fn join_team(&self, who: &Identity, team: &str, login: &str, lead: bool) -> Result<(), Error> {
        let login = person::login(login).ok_or(Error::NotFound("person"))?;
        self.may_staff(who, team).await?;
        self.may_bring(who, team, &login).await?;
        if !self.0.plans.load().teams.iter().any(|known| known.id == team) {
            return Err(Error::NotFound("team"));
        }
        let (happening, team) = (self.happening(who), team.to_owned());
        let joined = self.store().write(move |tx| {
            let (happening, team, login) = (happening.clone(), team.clone(), login.clone());
            Box::pin(async move {
                if people::standing(tx, &login).await?.is_none() {
                    return Ok(Err(Error::NotFound("person")));
                }
                let known = membership::get(tx, &team, &login).await?;
                if known.as_ref().is_some_and(|known| known.lead == lead) {
                    return Ok(Err(watchfire_core::incident::Refusal::Unchanged.into()));
                }
                let since = known.map_or(happening.now, |known| known.since);
                let draft = happening.draft("person.joined_team").with("person", login.as_str()).with("team", team.as_str());
                tx.record(draft.with("lead", lead));
                membership::put(tx, &Membership { team, login, lead, since }).await?;
                Ok(Ok(()))
            })
        });
        joined.await?
    }

    /// Takes a person out of a team; what the team was granted they see no more.
    ///
    /// # Errors
    /// They are not in it, not allowed, or the store does not answer.
    pub async fn leave_team(&self, who: &Identity, team: &str, login: &str) -> Result<(), Error> {
        let login = person::login(login).ok_or(Error::NotFound("person"))?;
        self.may_staff(who, team).await?;
        let (happening, team) = (self.happening(who), team.to_owned());
        let left = self.store().write(move |tx| {
            let (happening, team, login) = (happening.clone(), team.clone(), login.clone());
            Box::pin(async move {
                let left = membership::remove(tx, &team, &login).await?;
                if left {
                    tx.record(happening.draft("person.left_team").with("person", login).with("team", team));
                }
                Ok(left)
            })
        });
        if left.await? { Ok(()) } else { Err(Error::NotFound("member")) }
    }

    /// Refuses whoever brings themselves into a team: what is granted to it would be theirs by their own hand. Owners may.
    async fn may_bring(&self, who: &Identity, team: &str, login: &str) -> Result<(), Error> {
        if who.login() != Some(login) || who.role == Role::Owner {
            return Ok(());
        }
        let mut reader = self.store().read().await?;
        match membership::get(&mut reader, team, login).await? {
            Some(_) => Ok(()),
            None => Err(Error::invalid("person", "somebody else brings you into a team")),
        }
    }

    /// Managers say who is in a team, and so do its leads.
    async fn may_staff(&self, who: &Identity, team: &str) -> Result<(), Error> {
        let Err(denied) = who.may(Right::Configure) else { return Ok(()) };
        let Some(login) = who.login() else { return Err(denied.into()) };
        who.may(Right::Act)?;
        let mut reader = self.store().read().await?;
        let own = membership::get(&mut reader, team, login).await?;
        if own.is_some_and(|own| own.lead) { Ok(()) } else { Err(denied.into()) }
    }
}
