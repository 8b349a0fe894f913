//! Status updates: written, revised, and when the next one is due.

use jiff::{SignedDuration, Timestamp};
use watchfire_core::access::{Identity, Right};
use watchfire_core::incident::{Fact, Incident, Phase, StatusUpdate, UpdateText};
use watchfire_core::{chance, limits};
use watchfire_store::{incident, update};

use crate::incidents::record;
use crate::stakeholders::keep_informed;
use crate::{Engine, Error, words};

/// An update to be written.
#[derive(Clone, Debug)]
pub struct NewUpdate {
    pub text: UpdateText,
    /// The number of an update that this one puts right: a new version of it. `None` is a new update.
    pub revises: Option<i64>,
    /// When the next one is due; `None` takes the plans' time for the severity.
    pub next_due_at: Option<Timestamp>,
}

/// When the next status update is due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UpdateDue {
    pub due_at: Timestamp,
    /// When the time began to run: at the last update, or when the incident was declared.
    pub from: Timestamp,
}

/// The furthest that a next update may be promised ahead.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 30);

impl Engine {
    /// Writes a status update, or a new version of one. The versions before stay.
    ///
    /// # Errors
    /// Not found for this caller, one of the six fields says nothing, the next one lies in the past or beyond 30 days,
    /// there is no update of the number that is revised, or the store does not answer.
    pub async fn write_update(&self, who: &Identity, id: &str, wish: NewUpdate) -> Result<StatusUpdate, Error> {
        let incident = self.reach(who, Right::Act, id).await?;
        for (field, _, text) in wish.text.fields() {
            words::prose(field, text, limits::TEXT_CHARS)?;
        }
        let text = wish.text.tidied().map_err(|field| Error::invalid(field, format!("{} is missing", title(field))))?;
        let happening = self.happening(who);
        if wish.next_due_at.is_some_and(|at| at <= happening.now) {
            return Err(Error::invalid("next_due_at", "the next update lies in the past"));
        }
        if wish.next_due_at.is_some_and(|at| at.duration_since(happening.now) > AHEAD) {
            return Err(Error::invalid("next_due_at", "the next update lies more than 30 days ahead"));
        }
        let every = self.plans().incidents.update_every(incident.severity);
        let next = wish.next_due_at.or_else(|| happening.now.checked_add(every?).ok()).filter(|_| incident.phase.is_open());
        let written = StatusUpdate {
            id: chance::id(self.0.chance.as_ref(), happening.now),
            incident: incident.id,
            number: wish.revises.unwrap_or(0),
            version: 1,
            text,
            next_due_at: next,
            author: who.actor.id().to_owned(),
            written_at: happening.now,
        };
        let with = self.with(happening.clone()).await?;
        let stored = self.store().write(move |tx| {
            let (happening, with, mut written) = (happening.clone(), with.clone(), written.clone());
            Box::pin(async move {
                let Some(mut incident) = incident::by_id(tx, written.incident).await? else {
                    return Ok(Err(Error::NotFound("incident")));
                };
                if written.number > 0 {
                    written.version = update::newest_version(tx, incident.id, written.number).await? + 1;
                    if written.version == 1 {
                        return Ok(Err(Error::NotFound("status update")));
                    }
                } else {
                    written.number = update::newest_number(tx, incident.id).await? + 1;
                }
                record(tx, &mut incident, &[fact(&written)], &happening);
                update::insert(tx, &written).await?;
                incident::save(tx, &incident).await?;
                keep_informed(tx, &incident, &written, &with).await?;
                Ok(Ok(written))
            })
        });
        stored.await?
    }

    /// Returns every version of an incident's updates, the newest first.
    ///
    /// # Errors
    /// Not found for this caller, or the store does not answer.
    pub async fn updates(&self, who: &Identity, id: &str) -> Result<Vec<StatusUpdate>, Error> {
        let incident = self.find(who, id).await?.id;
        let mut reader = self.store().read().await?;
        Ok(update::list(&mut reader, incident).await?)
    }

    /// Tells when an incident's next update is due, given its last one; `None` if none is owed: it is not declared or
    /// over, or the plans promise none for its severity.
    pub(crate) fn update_due(&self, incident: &Incident, last: Option<&StatusUpdate>) -> Option<UpdateDue> {
        if !incident.phase.is_open() || incident.phase < Phase::Declared {
            return None;
        }
        if let Some(last) = last {
            return Some(UpdateDue { due_at: last.next_due_at?, from: last.written_at });
        }
        let from = incident.declared_at?;
        let due_at = from.checked_add(self.plans().incidents.update_every(incident.severity)?).ok()?;
        Some(UpdateDue { due_at, from })
    }
}

/// Returns the words for people of an update's field.
fn title(field: &str) -> &'static str {
    match field {
        "risk" => "the current risk",
        "timeline" => "the timeline",
        "mitigation" => "the mitigation taken",
        "status" => "the current status",
        _ => "what comes next",
    }
}

fn fact(update: &StatusUpdate) -> Fact {
    let text = update.text.clone();
    Fact::UpdateWritten {
        number: update.number,
        version: update.version,
        users: text.users,
        next_due_at: update.next_due_at,
        risk: text.risk,
        timeline: text.timeline,
        mitigation: text.mitigation,
        status: text.status,
        next_steps: text.next_steps,
    }
}
