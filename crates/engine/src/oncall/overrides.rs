//! Overrides: somebody takes over for a while.

use jiff::{SignedDuration, Timestamp};
use watchfire_core::access::{Identity, Right};
use watchfire_core::chance;
use watchfire_core::{limits, text};
use watchfire_store::oncall::{self, OverrideRow};

use super::people::may_look;
use super::read::holds;
use crate::{Engine, Error};

/// An override lasts this long at most: longer is a change of the plans.
const DAYS_MAX: i64 = 92;
/// How far ahead it may begin.
const DAYS_AHEAD: i64 = 366;
/// A beginning so little in the past is now: people and their clocks are slow.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// What somebody wants changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewOverride {
    pub schedule: String,
    /// Who takes over.
    pub login: String,
    /// Whose place; `None` takes everybody's and fills gaps.
    pub instead_of: Option<String>,
    /// `None` is now.
    pub from: Option<Timestamp>,
    pub until: Timestamp,
    pub reason: String,
}

impl Engine {
    /// Lets somebody take over for a while. Members may take over themselves, or find somebody for a place that they hold;
    /// managers may do it for everybody.
    ///
    /// # Errors
    /// There is no such schedule, somebody is no active person, `instead_of` holds nothing then, the span lies in the
    /// past, is empty or too long, there is no reason, not allowed, or the store does not answer.
    pub async fn override_on_call(&self, who: &Identity, new: NewOverride) -> Result<OverrideRow, Error> {
        who.may(Right::Act)?;
        let happening = self.happening(who);
        let (from, until) = span(new.from, new.until, happening.now)?;
        let mut reader = self.store().read().await?;
        let schedule = self.schedule(&mut reader, &new.schedule, from, until).await?;
        let login = Self::active_person(&mut reader, "login", &new.login).await?;
        drop(reader);
        let instead_of = new.instead_of.as_deref().map(str::trim).filter(|login| !login.is_empty()).map(str::to_lowercase);
        if let Some(other) = &instead_of
            && !holds(&schedule, other, from, until)
        {
            return Err(Error::invalid("instead_of", format!("{other} holds nothing of {} in that span", schedule.title)));
        }
        let own = who.login().is_some_and(|me| me == login || Some(me) == instead_of.as_deref());
        if !own {
            who.may(Right::Configure)?;
        }
        let row = OverrideRow {
            id: chance::id::<()>(self.0.chance.as_ref(), happening.now).to_string(),
            schedule: schedule.id,
            login,
            instead_of,
            from,
            until,
            reason: reason(&new.reason)?,
            made_by: who.actor.id().to_owned(),
            made_at: happening.now,
            swap: None,
            ended_at: None,
            ended_by: None,
        };
        let put = row.clone();
        self.store()
            .write(move |tx| {
                let (happening, put) = (happening.clone(), put.clone());
                Box::pin(async move {
                    tx.record(told(happening.draft("on_call.overridden"), &put));
                    oncall::insert(tx, &put).await
                })
            })
            .await?;
        Ok(row)
    }

    /// Ends an override, or both halves of a swap, from now on; what was stays as it was. Whoever takes part in it or made
    /// it may, and managers.
    ///
    /// # Errors
    /// Not found or over, not allowed, or the store does not answer.
    pub async fn end_override(&self, who: &Identity, id: &str) -> Result<(), Error> {
        may_look(who)?;
        who.may(Right::Act)?;
        let happening = self.happening(who);
        let mut reader = self.store().read().await?;
        let row = oncall::override_by_id(&mut reader, id).await?.ok_or(Error::NotFound("override"))?;
        let rows = match &row.swap {
            Some(swap) => oncall::of_swap(&mut reader, swap).await?,
            None => vec![row.clone()],
        };
        drop(reader);
        let me = who.login();
        let takes_part = me == Some(row.login.as_str()) || me == Some(row.made_by.as_str()) || me == row.instead_of.as_deref();
        if !takes_part {
            who.may(Right::Configure)?;
        }
        let by = who.actor.id().to_owned();
        let ended = self.store().write(move |tx| {
            let (happening, rows, by) = (happening.clone(), rows.clone(), by.clone());
            Box::pin(async move {
                let mut any = false;
                for row in rows {
                    if oncall::end(tx, &row.id, happening.now, &by).await? {
                        any = true;
                        tx.record(
                            happening
                                .draft("on_call.override_ended")
                                .with("override", row.id.as_str())
                                .with("schedule", row.schedule.as_str()),
                        );
                    }
                }
                Ok(any)
            })
        });
        if ended.await? { Ok(()) } else { Err(Error::NotFound("override")) }
    }
}

/// Adds to an entry what an override is.
pub(super) fn told(draft: watchfire_core::record::Draft, row: &OverrideRow) -> watchfire_core::record::Draft {
    draft
        .with("override", row.id.as_str())
        .with("schedule", row.schedule.as_str())
        .with("login", row.login.as_str())
        .with("instead_of", row.instead_of.clone())
        .with("from", watchfire_core::time::rfc3339(row.from))
        .with("until", watchfire_core::time::rfc3339(row.until))
        .with("swap", row.swap.clone())
        .secretly("reason", &row.reason)
}

/// Checks a span: it begins now or later, ends after that, and is not too long.
pub(super) fn span(from: Option<Timestamp>, until: Timestamp, now: Timestamp) -> Result<(Timestamp, Timestamp), Error> {
    let day = |days| SignedDuration::from_hours(24 * days);
    let from = from.unwrap_or(now);
    if now.duration_since(from) > TOLERANCE {
        return Err(Error::invalid("from", "it lies in the past: who was on call stays as it was"));
    }
    let from = from.max(now);
    if from.duration_since(now) > day(DAYS_AHEAD) {
        return Err(Error::invalid("from", format!("at most {DAYS_AHEAD} days ahead")));
    }
    if until <= from {
        return Err(Error::invalid("until", "it must end after it begins"));
    }
    if until.duration_since(from) > day(DAYS_MAX) {
        return Err(Error::invalid("until", format!("at most {DAYS_MAX} days; for longer, change the plans")));
    }
    Ok((from, until))
}

/// Cleans a reason.
pub(super) fn reason(given: &str) -> Result<String, Error> {
    let reason = text::line(given, limits::TEXT_CHARS);
    if reason.is_empty() { Err(Error::invalid("reason", "say why, in a few words")) } else { Ok(reason) }
}
