//! Carrying out what follows from an event: the page, its timer, its messages and its entries in one transaction.

use std::sync::Arc;

use serde_json::json;
use watchfire_core::chance::{self, Chance};
use watchfire_core::escalation::{self, Effect, Event, Policy, Skip, advance};
use watchfire_core::incident::{Incident, Kind};
use watchfire_core::record::Draft;
use watchfire_store::paging::{self, Page};
use watchfire_store::{Error, Tx, timer};

use super::roster::Roster;
use super::tell::{over, tell};
use crate::incidents::Happening;
use crate::intake::Authors;

/// The timer that wakes a page; its subject is the page.
pub(crate) const ESCALATION: &str = "escalation";

/// What carrying out needs.
#[derive(Clone)]
pub(crate) struct With {
    pub(crate) roster: Arc<Roster>,
    pub(crate) happening: Happening,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) base_url: String,
    /// The kinds of channels that take the end of what they were told.
    pub(crate) resolving: Arc<Vec<&'static str>>,
    /// Who wrote the commits of the alerts at hand.
    pub(crate) authors: Arc<Authors>,
}

/// Why a page begins.
pub(super) struct Cause {
    /// One page per incident and purpose.
    pub(super) purpose: String,
    pub(super) reason: String,
}

/// Begins a page, unless the incident has one for the purpose. Returns it as it is then.
///
/// # Errors
/// As the store.
pub(super) async fn begin(
    tx: &mut Tx,
    incident: &Incident,
    policy: &Policy,
    cause: Cause,
    with: &With,
) -> Result<Option<Page>, Error> {
    let now = with.happening.now;
    let mut page = Page {
        id: chance::id(with.chance.as_ref(), now),
        incident: incident.id,
        purpose: cause.purpose,
        policy: policy.clone(),
        plan_version: with.roster.plans.version.clone(),
        state: escalation::Page::new(is_urgent(incident)),
        reason: cause.reason,
        begun_by: with.happening.actor.id().to_owned(),
        created_at: now,
        changed_at: now,
        ended_at: None,
        version: 1,
    };
    if !paging::insert(tx, &page).await? {
        return Ok(None);
    }
    let begun = entry(&page, "page.begun", with).with("policy", policy.name.as_str()).with("purpose", page.purpose.as_str());
    tx.record(begun.secretly("reason", page.reason.as_str()));
    drive(tx, &mut page, incident, &Event::Begin, with).await?;
    Ok(Some(page))
}

/// Takes an event, saves the page if it changed, and carries out what follows. Returns who answered by it.
///
/// # Errors
/// [`Error::Conflict`] if somebody else changed the page since it was read; or as the store.
pub(super) async fn drive(
    tx: &mut Tx,
    page: &mut Page,
    incident: &Incident,
    event: &Event,
    with: &With,
) -> Result<Option<String>, Error> {
    let view = with.view(tx, incident).await?;
    let (state, effects) = advance(&page.policy, page.state.clone(), event, &view, with.happening.now);
    if state == page.state && effects.is_empty() {
        return Ok(None);
    }
    page.state = state;
    page.changed_at = with.happening.now;
    page.ended_at = (!page.state.status.is_open()).then_some(with.happening.now);
    paging::save(tx, page).await?;
    page.version += 1;
    let mut answered = None;
    for effect in effects {
        carry_out(tx, page, incident, effect, with, &mut answered).await?;
    }
    Ok(answered)
}

async fn carry_out(
    tx: &mut Tx,
    page: &Page,
    incident: &Incident,
    effect: Effect,
    with: &With,
    answered: &mut Option<String>,
) -> Result<(), Error> {
    let subject = page.id.to_string();
    match effect {
        Effect::Tell { person, place, times } => tell(tx, page, incident, (&person, place, times), with).await?,
        Effect::Wake { at, turn } => timer::put(tx, at, ESCALATION, &subject, &json!({ "turn": turn })).await?,
        Effect::Rest => {
            timer::cancel(tx, ESCALATION, &subject).await?;
        }
        Effect::Skipped { person, place, why } => {
            let why = match why {
                Skip::Gone => "disabled or no longer there",
                Skip::QuietHours => "quiet hours",
            };
            let skipped = entry(page, "page.skipped", with).with("person", person).with("step", place.to_string());
            tx.record(skipped.with("why", why));
        }
        Effect::Empty { place } => tx.record(entry(page, "page.nobody", with).with("step", place.to_string())),
        Effect::Expired { place } => tx.record(entry(page, "page.expired", with).with("step", place.to_string())),
        Effect::Escalated { to } => tx.record(entry(page, "page.escalated", with).with("step", to.to_string())),
        Effect::Exhausted => {
            tracing::warn!(incident.id = %incident.short_id, "nobody answered a page: its fallback is told");
            tx.record(entry(page, "page.exhausted", with));
        }
        Effect::Acknowledged { by, ends } => {
            tx.record(entry(page, "page.acknowledged", with).with("person", by.as_str()).with("ends", ends));
            if ends {
                over(tx, page, incident, &by, with).await?;
            }
            *answered = Some(by);
        }
        Effect::Withdrawn => {
            tx.record(entry(page, "page.withdrawn", with));
            over(tx, page, incident, "", with).await?;
        }
    }
    Ok(())
}

/// Starts an entry about a page.
pub(super) fn entry(page: &Page, kind: &str, with: &With) -> Draft {
    let mut draft = with.happening.draft(kind).with("page", page.id.to_string());
    draft.incident = Some(page.incident);
    draft
}

/// Tells whether quiet hours do not hold: SEV1 and SEV2.
pub(super) fn is_urgent(incident: &Incident) -> bool {
    incident.severity.is_some_and(|severity| severity.at_least(watchfire_core::Severity::Sev2))
}

/// Tells whether an incident reaches people outside the console: drills and tests do not.
pub(super) fn is_real(incident: &Incident) -> bool {
    incident.kind == Kind::Real
}
