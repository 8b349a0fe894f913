//! Silences: alerts that are known and raise nothing for a while.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use watchfire_core::access::{Identity, Right};
use watchfire_core::alert::Status;
use watchfire_core::chance;
use watchfire_core::id::AlertId;
use watchfire_core::limits;
use watchfire_store::silence::{self, Silence};
use watchfire_store::{alert, incident, timer};

use crate::incidents::Happening;
use crate::intake::reconsider;
use crate::{Engine, Error, triage, words};

/// The timer of a silence that runs out.
pub(crate) const SILENCE_ENDED: &str = "silence.ended";
/// A silence lasts this long at most: longer is a rule in the plans.
const HOURS_MAX: i64 = 24 * 7;
/// Alerts that were held back and are looked at again at once.
const HELD: usize = 200;

impl Engine {
    /// Lists the silences in force.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn silences(&self, who: &Identity) -> Result<Vec<Silence>, Error> {
        who.may(Right::Read)?;
        let mut reader = self.store().read().await?;
        Ok(silence::list(&mut reader, &who.scope(), self.now()).await?)
    }

    /// Silences what matches: names of fields or labels with the value that each must have.
    ///
    /// # Errors
    /// The matcher is empty, the time is not 1 hour to 7 days, there is no reason, or the store does not answer.
    pub async fn silence(
        &self,
        who: &Identity,
        matcher: BTreeMap<String, String>,
        hours: i64,
        reason: &str,
    ) -> Result<Silence, Error> {
        who.may(Right::Act)?;
        self.keep_quiet(who, matcher, hours, reason, None).await
    }

    async fn keep_quiet(
        &self,
        who: &Identity,
        matcher: BTreeMap<String, String>,
        hours: i64,
        reason: &str,
        alert: Option<AlertId>,
    ) -> Result<Silence, Error> {
        if matcher.is_empty() || matcher.len() > limits::LABELS {
            return Err(Error::invalid("matcher", "name at least one field or label and its value"));
        }
        if !(1..=HOURS_MAX).contains(&hours) {
            return Err(Error::invalid("hours", format!("1 to {HOURS_MAX}")));
        }
        let reason = words::prose("reason", reason, limits::TEXT_CHARS)?;
        if reason.is_empty() {
            return Err(watchfire_core::incident::Refusal::ReasonMissing.into());
        }
        let happening = self.happening(who);
        let row = Silence {
            id: chance::id::<()>(self.0.chance.as_ref(), happening.now).to_string(),
            matcher: serde_json::json!(matcher),
            reason,
            by: who.actor.id().to_owned(),
            from: happening.now,
            until: happening.now.checked_add(SignedDuration::from_hours(hours)).unwrap_or(happening.now),
            alert,
        };
        let put = row.clone();
        self.store()
            .write(move |tx| {
                let (happening, put) = (happening.clone(), put.clone());
                Box::pin(async move {
                    let mut draft = happening.draft("silence.began").with("silence", put.id.as_str());
                    draft.alert = put.alert;
                    tx.record(draft.secretly("reason", &put.reason));
                    let about = put.alert.map_or(serde_json::Value::Null, |alert| alert.to_string().into());
                    timer::put(tx, put.until, SILENCE_ENDED, &put.id, &about).await?;
                    silence::insert(tx, &put).await
                })
            })
            .await?;
        Ok(row)
    }

    /// Silences one alert by its key.
    ///
    /// # Errors
    /// As [`Engine::silence`], and not found for this caller.
    pub async fn silence_alert(&self, who: &Identity, id: AlertId, hours: i64, reason: &str) -> Result<Silence, Error> {
        self.reach_alert(who, Right::Act, id).await?;
        let alert = self.alert(who, id).await?.alert;
        let matcher = [("source".to_owned(), alert.source_name), ("key".to_owned(), alert.dedup_key.as_str().to_owned())];
        self.keep_quiet(who, matcher.into_iter().collect(), hours, reason, Some(id)).await
    }

    /// Ends a silence now.
    ///
    /// # Errors
    /// Not in force, or the store does not answer.
    pub async fn end_silence(&self, who: &Identity, id: &str) -> Result<(), Error> {
        let known = self.silences(who).await?.into_iter().find(|known| known.id == id).ok_or(Error::NotFound("silence"))?;
        match known.alert {
            Some(alert) => self.reach_alert(who, Right::Act, alert).await?,
            None => who.may(Right::Act)?,
        }
        let (happening, id, alert) = (self.happening(who), id.to_owned(), known.alert);
        let ended = self.store().write(move |tx| {
            let (happening, id) = (happening.clone(), id.clone());
            Box::pin(async move {
                let ended = silence::end(tx, &id, happening.now).await?;
                if ended {
                    timer::cancel(tx, SILENCE_ENDED, &id).await?;
                    let mut draft = happening.draft("silence.ended").with("silence", id);
                    draft.alert = alert;
                    tx.record(draft);
                }
                Ok(ended)
            })
        });
        if ended.await? { Ok(()) } else { Err(Error::NotFound("silence")) }
    }

    /// Records that a silence ran out, and looks again at what it held back.
    pub(crate) async fn silence_is_over(&self, due: &timer::Timer) -> Result<(), Error> {
        let now = self.now();
        let (due, plan_version) = (due.clone(), self.0.plans.load().version.clone());
        self.store()
            .write(move |tx| {
                let happening = Happening::now(watchfire_core::actor::Actor::machine("due_timers"), now, &plan_version);
                let due = due.clone();
                Box::pin(async move {
                    if timer::done(tx, &due).await? {
                        let mut draft = happening.draft("silence.ended").with("silence", due.subject);
                        draft.alert = due.body.as_str().and_then(|id| id.parse().ok());
                        tx.record(draft);
                    }
                    Ok(())
                })
            })
            .await?;
        self.reconsider_held().await.map(drop)
    }

    /// Looks again at firing alerts that a silence, a window or flapping held back, and raises what is held no longer.
    /// Returns how many were raised.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn reconsider_held(&self) -> Result<usize, Error> {
        let now = self.now();
        let plans = self.0.plans.load_full();
        let mut reader = self.store().read().await?;
        let held = alert::held(&mut reader, HELD).await?;
        if held.is_empty() {
            return Ok(0);
        }
        let silences = silence::list_active(&mut reader, now).await?;
        let ids: Vec<_> = held.iter().map(|alert| alert.id).collect();
        let busy: Vec<_> = incident::open_of_alerts(&mut reader, &ids).await?.into_iter().map(|(alert, _)| alert).collect();
        drop(reader);
        let mut free = Vec::new();
        for mut alert in held {
            let calm = alert
                .current
                .turns
                .iter()
                .filter(|turn| now.duration_since(**turn).as_secs() < plans.flapping.within_seconds)
                .count();
            alert.current.flapping = plans.flapping.turns > 0 && calm >= plans.flapping.turns as usize;
            let decision = triage::decide(&plans, &silences, &alert, now);
            if alert.current.flapping
                || decision.suppressed_by.is_some()
                || alert.current.status != Status::Firing
                || busy.contains(&alert.id)
            {
                continue;
            }
            alert.suppressed_by = None;
            free.push((alert, decision));
        }
        if free.is_empty() {
            return Ok(0);
        }
        let happening = Happening::now(watchfire_core::actor::Actor::machine("reconsider_held"), now, &plans.version);
        let mut with = self.with(happening).await?;
        with.authors = std::sync::Arc::new(self.authors(free.iter().map(|(alert, _)| alert)).await?);
        let (count, engine, free) = (free.len(), self.clone(), std::sync::Arc::new(free));
        self.store()
            .write(move |tx| {
                let (engine, free, with) = (engine.clone(), std::sync::Arc::clone(&free), with.clone());
                Box::pin(async move { reconsider(tx, &free, &with, engine.0.chance.as_ref()).await })
            })
            .await?;
        Ok(count)
    }
}
