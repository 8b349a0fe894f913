//! Grants: who may see, work on or manage one incident.

use jiff::Timestamp;
use watchfire_core::access::{GrantSource, Identity, Level, Right};
use watchfire_core::chance::{self, Chance};
use watchfire_core::id::IncidentId;
use watchfire_core::incident::Refusal;
use watchfire_core::record::Draft;
use watchfire_core::{limits, person};
use watchfire_store::grant::{self, Grant, GrantId, Grantee};
use watchfire_store::{Tx, person as people, timer};

use crate::incidents::Happening;
use crate::{Engine, Error, words};

/// The timer of a grant that runs out.
pub(crate) const GRANT_ENDED: &str = "grant.ended";
/// Grants that ran out while nobody looked, taken away at once.
const EXPIRED: usize = 500;

/// A right to be given.
#[derive(Clone, Debug)]
pub struct NewGrant {
    pub grantee: Grantee,
    pub level: Level,
    /// Why they need it; never empty.
    pub reason: String,
    /// `None` lasts until it is revoked.
    pub until: Option<Timestamp>,
}

/// Who has access to an incident.
#[derive(Clone, Debug)]
pub struct AccessList {
    pub incident: watchfire_core::incident::Incident,
    /// Oldest first.
    pub grants: Vec<Grant>,
    /// Holders of roles, with the level that the role gives.
    pub holders: Vec<(String, String, Level)>,
    /// What the caller may do: read, act, manage.
    pub rights: Vec<Right>,
}

impl Engine {
    /// Lists who has access to an incident and why.
    ///
    /// # Errors
    /// Not found for this caller, or the store does not answer.
    pub async fn access_list(&self, who: &Identity, id: &str) -> Result<AccessList, Error> {
        let incident = self.find(who, id).await?;
        let mut reader = self.store().read().await?;
        let mut grants = grant::list(&mut reader, incident.id).await?;
        let now = self.now();
        grants.retain(|grant| grant.until.is_none_or(|until| now < until));
        let rights = self.rights_on(&mut reader, who, &incident).await?;
        let commander = incident.commander().map(str::to_owned);
        let level = |login: &str| if commander.as_deref() == Some(login) { Level::Manage } else { Level::Act };
        let holders = incident
            .roles
            .iter()
            .flat_map(|held| {
                std::iter::once((&held.holder, ""))
                    .chain(held.offered_to.iter().map(|to| (to, " (offered)")))
                    .map(|(login, note)| (login.clone(), format!("{}{note}", held.role.as_str()), level(login)))
            })
            .collect();
        Ok(AccessList { grants, holders, rights, incident })
    }

    /// Gives somebody a right on an incident; a manual grant that they have already is replaced.
    ///
    /// # Errors
    /// Not found or not allowed for this caller, no reason, no such person or team, an end that is past, or the store does
    /// not answer.
    pub async fn grant(&self, who: &Identity, id: &str, new: NewGrant) -> Result<Grant, Error> {
        let incident = self.reach(who, Right::Manage, id).await?;
        let happening = self.happening(who);
        let reason = words::prose("reason", &new.reason, limits::TEXT_CHARS)?;
        if reason.is_empty() {
            return Err(Refusal::ReasonMissing.into());
        }
        if new.until.is_some_and(|until| until <= happening.now) {
            return Err(Error::invalid("until", "it lies in the past"));
        }
        let grantee = self.known(new.grantee).await?;
        let grant = Grant {
            id: chance::id(self.0.chance.as_ref(), happening.now),
            incident: incident.id,
            grantee,
            level: new.level,
            source: GrantSource::Manual,
            reason,
            by: who.actor.id().to_owned(),
            granted_at: happening.now,
            until: new.until,
        };
        let put = grant.clone();
        self.store()
            .write(move |tx| {
                let (happening, put) = (happening.clone(), put.clone());
                Box::pin(async move { give(tx, &put, &happening).await })
            })
            .await?;
        Ok(grant)
    }

    /// Takes a grant away, at once; also from pages that are open.
    ///
    /// # Errors
    /// Not found or not allowed for this caller, the last one who manages an incident about employees, or the store does
    /// not answer.
    pub async fn revoke_grant(&self, who: &Identity, id: &str, grant: GrantId) -> Result<Grant, Error> {
        let incident = self.reach(who, Right::Manage, id).await?;
        let happening = self.happening(who);
        let revoked = self.store().write(move |tx| {
            let (happening, incident) = (happening.clone(), incident.clone());
            Box::pin(async move {
                let Some(known) = grant::get(tx, incident.id, grant).await? else { return Ok(Err(Error::NotFound("grant"))) };
                let sensitive = incident.sensitivity == watchfire_core::incident::Sensitivity::Employee;
                if sensitive
                    && known.level == Level::Manage
                    && incident.commander().is_none()
                    && grant::other_managers(tx, incident.id, known.id).await? == 0
                {
                    let why = "nobody else manages this incident, and owners do not see it: grant it to somebody first";
                    return Ok(Err(Error::invalid("grant", why)));
                }
                grant::remove(tx, known.id).await?;
                timer::cancel(tx, GRANT_ENDED, &known.id.to_string()).await?;
                tx.record(told(happening.draft("grant.revoked"), &known));
                Ok(Ok(known))
            })
        });
        revoked.await?
    }

    /// Takes away what has run out, and says so on the record. Runs when its timer is due, and at the start.
    ///
    /// # Errors
    /// The store does not answer.
    pub(crate) async fn end_grants(&self) -> Result<(), Error> {
        let now = self.now();
        let mut reader = self.store().read().await?;
        let over = grant::expired(&mut reader, now, EXPIRED).await?;
        drop(reader);
        if over.is_empty() {
            return Ok(());
        }
        let happening = self.happening(&Identity::machine("due_timers"));
        self.store()
            .write(move |tx| {
                let (happening, over) = (happening.clone(), over.clone());
                Box::pin(async move {
                    for grant in over {
                        timer::cancel(tx, GRANT_ENDED, &grant.id.to_string()).await?;
                        if grant::remove(tx, grant.id).await? {
                            tx.record(told(happening.draft("grant.ended"), &grant));
                        }
                    }
                    Ok(())
                })
            })
            .await?;
        Ok(())
    }

    /// Ends the timer of a grant together with the grant.
    pub(crate) async fn grant_is_over(&self, due: &timer::Timer) -> Result<(), Error> {
        self.end_grants().await?;
        let due = due.clone();
        self.store()
            .write(move |tx| {
                let due = due.clone();
                Box::pin(async move { timer::done(tx, &due).await })
            })
            .await?;
        Ok(())
    }

    /// Reads a grantee as people type them, and looks whether there is one.
    async fn known(&self, grantee: Grantee) -> Result<Grantee, Error> {
        match grantee {
            Grantee::Person(name) => {
                let login = person::login(&name).ok_or_else(|| Error::invalid("person", "it is no login"))?;
                let mut reader = self.store().read().await?;
                match people::standing(&mut reader, &login).await? {
                    Some((_, person::State::Disabled)) => Err(Error::invalid("person", format!("{login} is disabled"))),
                    Some(_) => Ok(Grantee::Person(login)),
                    None => Err(Error::invalid("person", format!("nobody has the login {login}"))),
                }
            }
            Grantee::Team(team) => {
                let known = self.0.plans.load().teams.iter().any(|known| known.id == team);
                if known {
                    Ok(Grantee::Team(team))
                } else {
                    Err(Error::invalid("team", format!("the plans know no team {team:?}")))
                }
            }
        }
    }
}

/// Stores a grant with its timer and its entry, in the caller's transaction.
pub(crate) async fn give(tx: &mut Tx, grant: &Grant, happening: &Happening) -> Result<(), watchfire_store::Error> {
    if let Some(before) = grant::put(tx, grant).await? {
        timer::cancel(tx, GRANT_ENDED, &before.id.to_string()).await?;
    }
    if let Some(until) = grant.until {
        timer::put(tx, until, GRANT_ENDED, &grant.id.to_string(), &serde_json::Value::Null).await?;
    }
    tx.record(told(happening.draft("grant.given"), grant));
    Ok(())
}

/// As [`give`], unless the grantee has a grant of the source on the incident: the first one stays.
pub(crate) async fn give_once(tx: &mut Tx, grant: &Grant, happening: &Happening) -> Result<(), watchfire_store::Error> {
    let known = grant::list(tx, grant.incident).await?;
    if known.iter().any(|known| known.source == grant.source && known.grantee == grant.grantee) {
        return Ok(());
    }
    give(tx, grant, happening).await
}

/// Makes a grant that follows from what somebody did, such as reporting the incident.
pub(crate) fn for_doing(
    engine: &Engine,
    incident: IncidentId,
    login: &str,
    level: Level,
    reason: &str,
    happening: &Happening,
) -> Grant {
    Grant {
        id: chance::id(engine.0.chance.as_ref(), happening.now),
        incident,
        grantee: Grantee::Person(login.to_owned()),
        level,
        source: GrantSource::Role,
        reason: reason.to_owned(),
        by: happening.actor.id().to_owned(),
        granted_at: happening.now,
        until: None,
    }
}

/// Makes the grant of a team that the plans say.
pub(crate) fn by_plan(chance: &dyn Chance, incident: IncidentId, team: &str, level: Level, happening: &Happening) -> Grant {
    Grant {
        id: chance::id(chance, happening.now),
        incident,
        grantee: Grantee::Team(team.to_owned()),
        level,
        source: GrantSource::Rule,
        reason: "access.yaml".to_owned(),
        by: happening.actor.id().to_owned(),
        granted_at: happening.now,
        until: None,
    }
}

/// Says in an entry what a grant gave.
fn told(mut draft: Draft, grant: &Grant) -> Draft {
    draft.incident = Some(grant.incident);
    draft
        .with("grant", grant.id.to_string())
        .with(grant.grantee.kind(), grant.grantee.name())
        .with("level", grant.level.as_str())
        .with("source", grant.source.as_str())
        .with("until", grant.until.map(|until| until.to_string()))
        .secretly("reason", &grant.reason)
}

/// Keeps whoever shuts owners out of an incident on it themselves.
pub(crate) async fn stay(
    tx: &mut Tx,
    engine: &Engine,
    incident: &watchfire_core::incident::Incident,
    happening: &Happening,
) -> Result<(), watchfire_store::Error> {
    let login = happening.actor.id();
    if !matches!(happening.actor, watchfire_core::actor::Actor::Person { .. })
        || grant::level(tx, incident.id, login, happening.now).await? == Some(Level::Manage)
    {
        return Ok(());
    }
    let grant = Grant {
        source: GrantSource::Manual,
        ..for_doing(engine, incident.id, login, Level::Manage, "set the sensitivity", happening)
    };
    give(tx, &grant, happening).await
}
