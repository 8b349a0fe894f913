//! Swaps: two people exchange spans of one schedule, and both agree.

use jiff::{SignedDuration, Timestamp};
use watchfire_core::access::{Identity, Right};
use watchfire_core::chance;
use watchfire_store::oncall::{self, OverrideRow, Swap, SwapState};

use super::overrides::{reason, span, told};
use super::people::may_look;
use super::read::holds;
use crate::{Engine, Error};

/// How long a settled swap is still listed.
const LISTED: SignedDuration = SignedDuration::from_hours(24 * 30);

/// What somebody offers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewSwap {
    pub schedule: String,
    /// To whom.
    pub with: String,
    /// The span that the offerer gives away.
    pub give: (Timestamp, Timestamp),
    /// The span of the other that the offerer takes for it.
    pub take: (Timestamp, Timestamp),
    pub reason: String,
}

impl Engine {
    /// Lists the swaps that are offered, and those that were settled within 30 days, the newest first.
    ///
    /// # Errors
    /// The role does not reach, or the store does not answer.
    pub async fn swaps(&self, who: &Identity) -> Result<Vec<Swap>, Error> {
        may_look(who)?;
        let now = self.now();
        let mut reader = self.store().read().await?;
        Ok(oncall::list_swaps(&mut reader, now.saturating_sub(LISTED).unwrap_or(now)).await?)
    }

    /// Offers a swap to somebody; nothing changes until they accept.
    ///
    /// # Errors
    /// The asker is no person, somebody does not hold what they would give, a span lies in the past, is empty or too long,
    /// there is no reason, or the store does not answer.
    pub async fn offer_swap(&self, who: &Identity, new: NewSwap) -> Result<Swap, Error> {
        who.may(Right::Act)?;
        let me = who.login().ok_or_else(|| Error::invalid("with", "only a person can swap"))?.to_owned();
        let happening = self.happening(who);
        let give = span(Some(new.give.0), new.give.1, happening.now)?;
        let take = span(Some(new.take.0), new.take.1, happening.now)?;
        let mut reader = self.store().read().await?;
        let other = Self::active_person(&mut reader, "with", &new.with).await?;
        if other == me {
            return Err(Error::invalid("with", "swap with somebody else"));
        }
        let schedule = self.schedule(&mut reader, &new.schedule, give.0.min(take.0), give.1.max(take.1)).await?;
        drop(reader);
        for (field, login, (from, until)) in [("give", &me, give), ("take", &other, take)] {
            if !holds(&schedule, login, from, until) {
                return Err(Error::invalid(field, format!("{login} holds nothing of {} in that span", schedule.title)));
            }
        }
        let swap = Swap {
            id: chance::id::<()>(self.0.chance.as_ref(), happening.now).to_string(),
            schedule: schedule.id,
            offered_by: me,
            offered_to: other,
            give,
            take,
            reason: reason(&new.reason)?,
            state: SwapState::Offered,
            offered_at: happening.now,
            settled_at: None,
        };
        let put = swap.clone();
        self.store()
            .write(move |tx| {
                let (happening, put) = (happening.clone(), put.clone());
                Box::pin(async move {
                    tx.record(
                        happening
                            .draft("on_call.swap_offered")
                            .with("swap", put.id.as_str())
                            .with("schedule", put.schedule.as_str())
                            .with("to", put.offered_to.as_str())
                            .secretly("reason", &put.reason),
                    );
                    oncall::insert_swap(tx, &put).await
                })
            })
            .await?;
        Ok(swap)
    }

    /// Accepts a swap that was offered to the asker: from now on both overrides count.
    ///
    /// # Errors
    /// Not found or not offered to the asker, one of the spans has begun, it was settled meanwhile, or the store does not
    /// answer.
    pub async fn accept_swap(&self, who: &Identity, id: &str) -> Result<(), Error> {
        who.may(Right::Act)?;
        let happening = self.happening(who);
        let swap = self.offered(id).await?;
        if who.login() != Some(swap.offered_to.as_str()) {
            return Err(Error::NotFound("swap that is yours to accept"));
        }
        if swap.give.0 < happening.now || swap.take.0 < happening.now {
            return Err(Error::invalid("swap", "one of its spans has begun; offer a new one"));
        }
        let half = |login: &str, instead_of: &str, (from, until): (Timestamp, Timestamp)| OverrideRow {
            id: chance::id::<()>(self.0.chance.as_ref(), happening.now).to_string(),
            schedule: swap.schedule.clone(),
            login: login.to_owned(),
            instead_of: Some(instead_of.to_owned()),
            from,
            until,
            reason: swap.reason.clone(),
            made_by: swap.offered_by.clone(),
            made_at: happening.now,
            swap: Some(swap.id.clone()),
            ended_at: None,
            ended_by: None,
        };
        let halves = [half(&swap.offered_to, &swap.offered_by, swap.give), half(&swap.offered_by, &swap.offered_to, swap.take)];
        let id = swap.id;
        let accepted = self.store().write(move |tx| {
            let (happening, halves, id) = (happening.clone(), halves.clone(), id.clone());
            Box::pin(async move {
                if !oncall::settle(tx, &id, SwapState::Accepted, happening.now).await? {
                    return Ok(false);
                }
                tx.record(happening.draft("on_call.swap_accepted").with("swap", id));
                for half in &halves {
                    tx.record(told(happening.draft("on_call.overridden"), half));
                    oncall::insert(tx, half).await?;
                }
                Ok(true)
            })
        });
        if accepted.await? { Ok(()) } else { Err(Error::Conflict) }
    }

    /// Declines a swap that was offered to the asker, or withdraws one that the asker offered.
    ///
    /// # Errors
    /// Not found or neither side's, it was settled meanwhile, or the store does not answer.
    pub async fn refuse_swap(&self, who: &Identity, id: &str) -> Result<SwapState, Error> {
        who.may(Right::Act)?;
        let happening = self.happening(who);
        let swap = self.offered(id).await?;
        let state = match who.login() {
            Some(me) if me == swap.offered_to => SwapState::Declined,
            Some(me) if me == swap.offered_by => SwapState::Withdrawn,
            _ => return Err(Error::NotFound("swap that is yours to refuse")),
        };
        let id = swap.id;
        let settled = self.store().write(move |tx| {
            let (happening, id) = (happening.clone(), id.clone());
            Box::pin(async move {
                let settled = oncall::settle(tx, &id, state, happening.now).await?;
                if settled {
                    tx.record(happening.draft(&format!("on_call.swap_{}", state.as_str())).with("swap", id));
                }
                Ok(settled)
            })
        });
        if settled.await? { Ok(state) } else { Err(Error::Conflict) }
    }

    async fn offered(&self, id: &str) -> Result<Swap, Error> {
        let mut reader = self.store().read().await?;
        let swap = oncall::swap_by_id(&mut reader, id).await?.ok_or(Error::NotFound("swap"))?;
        if swap.state == SwapState::Offered { Ok(swap) } else { Err(Error::Conflict) }
    }
}
