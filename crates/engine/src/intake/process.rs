//! The processor: stored events become alerts and incidents.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use watchfire_core::alert::DedupKey;
use watchfire_core::id::{AlertId, SourceId};
use watchfire_core::source::{Delivery, Malformed, Parsed};
use watchfire_store::event::{self, Opened, Share};
use watchfire_store::{alert, silence};

use super::fold::Fold;
use super::raise::{Prepared, Raise, write};
use crate::incidents::Happening;
use crate::{Engine, Error, triage};

/// What is read for one batch: no source keeps the others waiting, and no few of large deliveries fill the memory. A MiB of groups
/// of a thousand alerts is processed as fast as four, in 50 MB less.
const SHARE: Share = Share { per_source: 256, total: 512, bytes: 1024 * 1024 };
/// Observations of one batch, unless one event alone holds more.
const OBSERVATIONS: usize = 4_096;
/// How often the store is asked when nobody rings: another node may have stored events.
const POLL: Duration = Duration::from_millis(500);
/// How long to wait after the store did not answer.
const BACK_OFF: Duration = Duration::from_millis(250);

impl Engine {
    /// Processes events until `stop`; one task a node. What is left waits in the store for the next start.
    pub async fn process_events(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let (mark, began) = (self.0.pace.mark(), Instant::now());
            match self.process_batch().await {
                Ok(0) => {
                    tokio::select! {
                        () = self.0.pending.notified() => {}
                        () = tokio::time::sleep(POLL) => {}
                        () = stop.cancelled() => {}
                    }
                }
                Ok(_) => self.0.pace.give_way(mark, began.elapsed()).await,
                Err(Error::Conflict) => tokio::task::yield_now().await,
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "a batch of events could not be processed; it stays stored"
                    );
                    tokio::select! {
                        () = tokio::time::sleep(BACK_OFF) => {}
                        () = stop.cancelled() => {}
                    }
                }
            }
        }
    }

    /// Processes one batch and returns how many events it held; 0 when none wait or another node is at it.
    ///
    /// # Errors
    /// [`Error::Conflict`] when another node was quicker with the same events; any other when the store does not answer.
    pub async fn process_batch(&self) -> Result<usize, Error> {
        let now = self.now();
        let plans = self.0.plans.load_full();
        let mut reader = self.store().read().await?;
        let (mut pending, unreadable) = event::pending(&mut reader, SHARE).await?;
        if pending.is_empty() && unreadable.is_empty() {
            return Ok(0);
        }
        let oldest = pending.iter().map(|opened| opened.event.received_at).min().unwrap_or(now);
        let lag = now.duration_since(oldest);
        self.0.pace.waited(lag);
        metrics::histogram!("watchfire_intake_lag_seconds").record(lag.as_secs_f64().max(0.0));
        let mut parsed = Vec::with_capacity(pending.len());
        let mut observations = 0;
        for opened in &pending {
            let read = self.parse(opened);
            observations += read.as_ref().map_or(0, |parsed| parsed.observations.len());
            parsed.push(read);
            if observations >= OBSERVATIONS {
                break;
            }
        }
        // What is beyond stays pending and is read again: deliveries of 2,000 alerts each must not fill the memory.
        pending.truncate(parsed.len());
        let known = alert::by_keys(&mut reader, &keys(&pending, &parsed)).await?;
        // A word for a whole group reaches all its parts; a part needs to know only whether there are others.
        let mut groups = alert::by_groups(&mut reader, &group_names(&parsed, true)).await?;
        groups.extend(alert::representatives(&mut reader, &group_names(&parsed, false)).await?);
        let mut open: HashMap<usize, Vec<AlertId>> = HashMap::new();
        let mut reported = Vec::new();
        for (at, (opened, parsed)) in pending.iter().zip(&parsed).enumerate() {
            if let Ok(Parsed { snapshot: Some(snapshot), .. }) = parsed {
                let covered = alert::open_in_snapshot(&mut reader, opened.event.source, &snapshot.scope).await?;
                open.insert(at, covered.iter().map(|alert| alert.id).collect());
                reported.extend(covered);
            }
        }
        let silences = silence::list_active(&mut reader, now).await?;
        drop(reader);

        let mut all = known;
        let mut seen: HashSet<AlertId> = all.iter().map(|alert| alert.id).collect();
        all.extend(groups.into_iter().chain(reported).filter(|alert| seen.insert(alert.id)));
        let mut fold = Fold::new(all, now, plans.flapping, self.0.chance.as_ref());
        for (event, error) in &unreadable {
            tracing::error!(event.id = %event.id, error = %error, "a stored event cannot be opened");
            fold.quarantine(event, error.to_string());
        }
        for (at, (opened, parsed)) in pending.iter().zip(&parsed).enumerate() {
            let event = &opened.event;
            match parsed {
                Ok(parsed) => fold.event(event, parsed, open.get(&at).map_or(&[], Vec::as_slice)),
                Err(Malformed(reason)) => fold.quarantine(event, reason.clone()),
            }
        }
        let mut raises = Vec::new();
        for effect in fold.effects.iter().filter(|effect| effect.change.raises()) {
            let Some(alert) = fold.alerts.get_mut(&effect.alert) else { continue };
            let decision = triage::decide(&plans, &silences, alert, now);
            alert.team.clone_from(&decision.team);
            alert.rule.clone_from(&decision.rule);
            alert.suppressed_by.clone_from(&decision.suppressed_by);
            alert.class = Some(decision.class);
            raises.push(Raise { alert: effect.alert, decision });
        }
        let confirm = parsed.iter().filter_map(|parsed| parsed.as_ref().ok()?.confirm.clone()).collect();
        let happening = Happening::now(watchfire_core::actor::Actor::machine("intake"), now, &plans.version);
        // A batch that raises nothing pages nobody: who is there is not read.
        let mut with = if raises.is_empty() { self.with_nobody(happening) } else { self.with(happening).await? };
        let raised = raises.iter().filter_map(|raise| fold.alerts.get(&raise.alert));
        with.authors = Arc::new(self.authors(raised).await?);
        let prepared = Arc::new(Prepared::new(fold, raises, confirm, with));
        let count = pending.len() + unreadable.len();
        // What was read is not needed while the batch is written, which takes the most memory.
        drop((pending, parsed));
        let engine = self.clone();
        self.store()
            .write(move |tx| {
                let (engine, prepared) = (engine.clone(), Arc::clone(&prepared));
                Box::pin(async move { write(tx, &prepared, engine.0.chance.as_ref()).await })
            })
            .await?;
        Ok(count)
    }

    /// Reads a stored event again; it was read once at the door, so a fault here means that the reader has changed.
    fn parse(&self, opened: &Opened) -> Result<Parsed, Malformed> {
        let event = &opened.event;
        let Some(source) = self.0.sources.get(event.source_kind.as_str()) else {
            return Err(Malformed(format!("this version knows no source of kind {:?}", event.source_kind)));
        };
        let delivery = Delivery { headers: &opened.headers, body: &opened.body, received_at: event.received_at };
        source.parse(&delivery, &self.0.active.settings(event.source))
    }
}

fn keys(pending: &[Opened], parsed: &[Result<Parsed, Malformed>]) -> Vec<(SourceId, DedupKey)> {
    let observations =
        pending.iter().zip(parsed).filter_map(|(opened, parsed)| Some((opened.event.source, parsed.as_ref().ok()?)));
    let mut keys: Vec<_> = observations
        .flat_map(|(source, parsed)| parsed.observations.iter().map(move |observation| (source, observation.dedup_key.clone())))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Returns the groups that observations for a whole group name, or those that its parts name.
fn group_names(parsed: &[Result<Parsed, Malformed>], whole: bool) -> Vec<String> {
    let mut names: Vec<_> = parsed
        .iter()
        .filter_map(|parsed| parsed.as_ref().ok())
        .flat_map(|parsed| parsed.observations.iter().filter(|observation| observation.speaks_for_group == whole))
        .filter_map(|observation| observation.group.clone())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}
