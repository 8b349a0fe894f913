//! Trust, but verify: what a developer says is resolved waits until somebody else has looked.

use watchfire_core::access::{Identity, Right};
use watchfire_core::incident::{Command, Fact, Incident, Phase, Refusal};
use watchfire_store::incident;
use watchfire_store::resolution::{self, Resolution};

use super::record;
use crate::{Engine, Error, words};

impl Engine {
    /// Records that a developer says it is resolved. The incident stays as it is.
    ///
    /// # Errors
    /// Refused by a law that would refuse the resolution itself, or the store does not answer.
    pub(super) async fn propose_resolution(
        &self,
        who: &Identity,
        incident: &Incident,
        command: Command,
    ) -> Result<Incident, Error> {
        let (happening, id) = (self.happening(who), incident.id);
        let proposed = self.store().write(move |tx| {
            let (happening, command) = (happening.clone(), command.clone());
            Box::pin(async move {
                let Some(mut incident) = incident::by_id(tx, id).await? else { return Ok(Err(Error::NotFound("incident"))) };
                if let Err(refusal) = incident.decide(&command) {
                    return Ok(Err(refusal.into()));
                }
                let (Command::Resolve { reason } | Command::SetPhase { reason, .. }) = command else {
                    return Ok(Err(Refusal::Unchanged.into()));
                };
                let by = happening.actor.id().to_owned();
                record(tx, &mut incident, &[Fact::ResolutionProposed { by: by.clone(), reason }], &happening);
                resolution::put(tx, &Resolution { incident: id, by, at: happening.now }).await?;
                incident::save(tx, &incident).await?;
                Ok(Ok(incident))
            })
        });
        proposed.await?
    }

    /// Verifies what a developer says is resolved: it is resolved then.
    ///
    /// # Errors
    /// Not found or not allowed for this caller, nothing waits, the caller said it themselves, refused by another law, or the
    /// store does not answer.
    pub async fn verify_resolution(&self, who: &Identity, id: &str) -> Result<Incident, Error> {
        let (incident, by) = self.unverified(who, id).await?;
        let reason = format!("verified what {by} resolved");
        self.command(who, &incident.short_id, Command::Resolve { reason }).await
    }

    /// Says that it is not resolved, and why. The incident stays open.
    ///
    /// # Errors
    /// As [`Engine::verify_resolution`], or there is no reason.
    pub async fn reject_resolution(&self, who: &Identity, id: &str, reason: &str) -> Result<Incident, Error> {
        let (incident, by) = self.unverified(who, id).await?;
        let reason = words::prose("reason", reason, watchfire_core::limits::TEXT_CHARS)?;
        if reason.is_empty() {
            return Err(Refusal::ReasonMissing.into());
        }
        let (happening, id) = (self.happening(who), incident.id);
        let rejected = self.store().write(move |tx| {
            let (happening, by, reason) = (happening.clone(), by.clone(), reason.clone());
            Box::pin(async move {
                let Some(mut incident) = incident::by_id(tx, id).await? else { return Ok(Err(Error::NotFound("incident"))) };
                if !resolution::remove(tx, id).await? {
                    return Ok(Err(Refusal::NothingToVerify.into()));
                }
                record(tx, &mut incident, &[Fact::ResolutionRejected { by, reason }], &happening);
                incident::save(tx, &incident).await?;
                Ok(Ok(incident))
            })
        });
        rejected.await?
    }

    /// Finds what waits to be verified by the caller, and who says that it is resolved.
    async fn unverified(&self, who: &Identity, id: &str) -> Result<(Incident, String), Error> {
        let incident = self.reach(who, Right::Act, id).await?;
        let mut reader = self.store().read().await?;
        let waits = resolution::get(&mut reader, incident.id).await?.ok_or(Refusal::NothingToVerify)?;
        if who.actor.id() == waits.by {
            return Err(Refusal::VerifiedByWhoResolved { by: waits.by }.into());
        }
        Ok((incident, waits.by))
    }
}

/// Tells whether a command resolves an incident.
pub(super) fn resolves(command: &Command) -> bool {
    matches!(command, Command::Resolve { .. } | Command::SetPhase { to: Phase::Resolved, .. })
}
