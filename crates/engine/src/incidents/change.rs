//! A change of an incident, its entries and its row: one transaction.

use jiff::Timestamp;
use watchfire_core::actor::Actor;
use watchfire_core::chance::{self, Chance};
use watchfire_core::codename;
use watchfire_core::incident::{Fact, Incident};
use watchfire_core::record::Draft;
use watchfire_store::{Error as StoreError, Tx, incident};

/// Who changes something, when, and under which plans.
#[derive(Clone, Debug)]
pub(crate) struct Happening {
    pub(crate) actor: Actor,
    pub(crate) now: Timestamp,
    /// When it happened, where that was earlier than now.
    pub(crate) occurred_at: Timestamp,
    pub(crate) plan_version: String,
}

impl Happening {
    /// Says that something happens now.
    pub(crate) fn now(actor: Actor, now: Timestamp, plan_version: &str) -> Self {
        Self { actor, now, occurred_at: now, plan_version: plan_version.to_owned() }
    }

    /// Starts an entry of this happening.
    pub(crate) fn draft(&self, kind: &str) -> Draft {
        let mut draft = Draft::new(kind, self.actor.clone(), self.now);
        draft.occurred_at = self.occurred_at;
        draft.plan_version.clone_from(&self.plan_version);
        draft
    }
}

/// Folds facts into the incident and writes one entry each. The caller saves the incident.
pub(crate) fn record(tx: &mut Tx, incident: &mut Incident, facts: &[Fact], happening: &Happening) {
    for fact in facts {
        incident.apply(fact, happening.now);
        let mut draft = Draft::of_fact(fact, incident.id, happening.actor.clone(), happening.now);
        draft.occurred_at = happening.occurred_at;
        draft.plan_version.clone_from(&happening.plan_version);
        tx.record(draft);
    }
}

/// How often a clash of random short ids is tried again: with 33 million of them, twice is never seen.
const SHORT_ID_TRIES: u32 = 8;

/// Gives a new incident a short id that is free, and a codename. The caller inserts it.
///
/// # Errors
/// As the store; [`StoreError::Conflict`] if no free short id was found.
pub(crate) async fn name(tx: &mut Tx, incident: &mut Incident, chance: &dyn Chance) -> Result<(), StoreError> {
    for _ in 0..SHORT_ID_TRIES {
        let short_id = codename::short_id(chance::bytes(chance));
        if !incident::short_id_taken(tx, &short_id).await? {
            incident.short_id = short_id;
            incident.codename = codename::codename(chance::bytes(chance));
            return Ok(());
        }
    }
    Err(StoreError::Conflict)
}
