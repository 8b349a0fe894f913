//! Whether somebody reaches an incident or an alert: what they may not see is not there.

use watchfire_core::access::{Autonomy, Decision, Identity, Level, Object, Right, Role, decide};
use watchfire_core::id::AlertId;
use watchfire_core::incident::Incident;
use watchfire_store::{Conn, alert, grant, incident, membership};

use crate::{Engine, Error};

impl Engine {
    /// Looks an incident up by id or short id; what the caller may not see is not there.
    pub(crate) async fn find(&self, who: &Identity, id: &str) -> Result<Incident, Error> {
        self.reach(who, Right::Read, id).await
    }

    /// Looks an incident up and decides whether the caller has a right on it.
    ///
    /// # Errors
    /// Not found for this caller, or denied to them though they may see it.
    pub(crate) async fn reach(&self, who: &Identity, right: Right, id: &str) -> Result<Incident, Error> {
        let mut reader = self.store().read().await?;
        self.reach_in(&mut reader, who, right, id).await
    }

    /// As [`Engine::reach`], on a connection that is there already.
    pub(crate) async fn reach_in(&self, conn: &mut Conn, who: &Identity, right: Right, id: &str) -> Result<Incident, Error> {
        let incident = incident::get(conn, &who.scope(), id).await?.ok_or(Error::NotFound("incident"))?;
        let object = self.object(conn, who, &incident).await?;
        match decide(who, right, &object) {
            Decision::Allowed => Ok(incident),
            Decision::Denied(denied) => Err(denied.into()),
            Decision::Hidden => Err(Error::NotFound("incident")),
        }
    }

    /// Returns how far the caller gets on an incident that they may see: the rights to say something, to heal, to act and to
    /// manage.
    pub(crate) async fn rights_on(&self, conn: &mut Conn, who: &Identity, incident: &Incident) -> Result<Vec<Right>, Error> {
        let object = self.object(conn, who, incident).await?;
        Ok([Right::Read, Right::Say, Right::Heal, Right::Act, Right::Manage]
            .into_iter()
            .filter(|right| decide(who, *right, &object).is_allowed())
            .collect())
    }

    /// Tells whether what the caller resolves waits until somebody else has verified it.
    pub(crate) async fn is_verified_by_others(&self, who: &Identity, incident: &Incident) -> Result<bool, Error> {
        let mut reader = self.store().read().await?;
        let object = self.object(&mut reader, who, incident).await?;
        let narrowed = who.role == Role::Restricted && object.level < Some(Level::Manage);
        Ok(narrowed && object.autonomy == Some(Autonomy::HealWithVerify))
    }

    /// Gathers what counts when somebody asks for an incident.
    async fn object(&self, conn: &mut Conn, who: &Identity, incident: &Incident) -> Result<Object, Error> {
        let level = self.level_on(conn, who, incident).await?;
        let plans = self.plans();
        let plan = &plans.access.autonomy;
        let autonomy = match who.login().filter(|_| who.role == Role::Restricted && plan.is_set()) {
            Some(login) => plan.of(membership::of_person(conn, login).await?.iter().map(|of| of.team.as_str())),
            None => None,
        };
        Ok(Object { visibility: incident.visibility, sensitivity: incident.sensitivity, level, autonomy })
    }

    async fn level_on(&self, conn: &mut Conn, who: &Identity, incident: &Incident) -> Result<Option<Level>, Error> {
        match who.login() {
            Some(login) => Ok(grant::level(conn, incident.id, login, self.now()).await?),
            None => Ok(None),
        }
    }

    /// Decides whether the caller may change an alert: one of an incident through that incident, any other by role.
    ///
    /// # Errors
    /// Not found for this caller, or denied to them though they may see it.
    pub(crate) async fn reach_alert(&self, who: &Identity, right: Right, id: AlertId) -> Result<(), Error> {
        let mut reader = self.store().read().await?;
        alert::get(&mut reader, &who.scope(), id).await?.ok_or(Error::NotFound("alert"))?;
        let linked = alert::incidents_of(&mut reader, &who.scope(), id).await?;
        let mut answer = if linked.is_empty() { who.may(right).map_err(Error::from) } else { Err(Error::NotFound("alert")) };
        for incident in linked {
            match self.reach_in(&mut reader, who, right, &incident.to_string()).await {
                Ok(_) => return Ok(()),
                Err(error) => answer = Err(error),
            }
        }
        answer
    }
}
