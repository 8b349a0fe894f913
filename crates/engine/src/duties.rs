//! Duties: periodic, idempotent, without input; each runs at its period and does nothing if nothing is to be done.

use std::time::Duration;

use futures::future::BoxFuture;
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;
use watchfire_store::{idempotency, outbox, session, timer};

use crate::intake::CONFIRM;
use crate::silences::SILENCE_ENDED;
use crate::{Engine, Error};

/// A duty: its name, its period, and one turn of it.
struct Duty {
    name: &'static str,
    every: Duration,
    turn: fn(&Engine) -> BoxFuture<'_, Result<(), Error>>,
}

/// All duties, in alphabetical order.
const DUTIES: [Duty; 6] = [
    Duty { name: "due_timers", every: Duration::from_millis(500), turn: |engine| Box::pin(engine.due_timers()) },
    Duty { name: "expire", every: Duration::from_mins(10), turn: |engine| Box::pin(engine.expire()) },
    Duty { name: "follow_plans", every: Duration::from_secs(5), turn: |engine| Box::pin(engine.follow_plans()) },
    Duty { name: "follow_sources", every: Duration::from_secs(5), turn: |engine| Box::pin(engine.reload_sources()) },
    Duty { name: "outbox", every: Duration::from_secs(1), turn: |engine| Box::pin(engine.empty_outbox()) },
    Duty {
        name: "reconsider_held",
        every: Duration::from_secs(15),
        turn: |engine| Box::pin(async { engine.reconsider_held().await.map(drop) }),
    },
];

/// How long a claimed message is ours; a node that dies with it lets another have it after that.
const LEASE: Duration = Duration::from_mins(1);
/// Rows claimed at once.
const CLAIM: usize = 50;
/// How long to wait at most before something is sent again.
const WAIT_S_MAX: i64 = 3_600;

impl Engine {
    /// Runs all duties until `stop`.
    pub async fn run_duties(&self, stop: CancellationToken) {
        let loops = DUTIES.iter().map(|duty| {
            let stop = stop.clone();
            async move {
                loop {
                    tokio::select! {
                        () = tokio::time::sleep(duty.every) => {}
                        () = stop.cancelled() => return,
                    }
                    if let Err(error) = (duty.turn)(self).await {
                        tracing::warn!(
                            duty = duty.name,
                            error = &error as &dyn std::error::Error,
                            "a duty failed; it runs again"
                        );
                    }
                }
            }
        });
        futures::future::join_all(loops).await;
    }

    /// Does what has fallen due.
    ///
    /// # Errors
    /// The store does not answer; what was claimed is due again after its lease.
    pub async fn due_timers(&self) -> Result<(), Error> {
        let now = self.now();
        let mut reader = self.store().read().await?;
        let next = timer::next(&mut reader).await?;
        drop(reader);
        if next.is_none_or(|due_at| due_at > now) {
            return Ok(());
        }
        let due = self.store().write(move |tx| Box::pin(async move { timer::due(tx, now, CLAIM).await })).await?;
        for timer in due {
            match timer.kind.as_str() {
                SILENCE_ENDED => self.silence_is_over(&timer).await?,
                other => tracing::error!(kind = other, "a timer of a kind that this version does not know stays for a newer one"),
            }
        }
        Ok(())
    }

    /// Sends what waits to leave.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn empty_outbox(&self) -> Result<(), Error> {
        let mut reader = self.store().read().await?;
        let waits = outbox::waits(&mut reader, self.now()).await?;
        drop(reader);
        if !waits {
            return Ok(());
        }
        let messages = self.store().write(|tx| Box::pin(async move { outbox::claim(tx, CLAIM, LEASE).await })).await?;
        for message in messages {
            let sent = match (message.kind.as_str(), message.body.as_str()) {
                (CONFIRM, Some(address)) => self.0.fetch.confirm(address).await.map_err(|error| error.to_string()),
                (other, _) => Err(format!("this version cannot send {other:?}")),
            };
            if let Err(error) = &sent {
                tracing::warn!(outbox.kind = %message.kind, attempt = message.attempts, error = %error, "sending failed; it is tried again");
            }
            let wait = (1_i64 << message.attempts.clamp(0, 12)).min(WAIT_S_MAX);
            let now = self.now();
            let again = now.checked_add(SignedDuration::from_secs(wait)).unwrap_or(now);
            self.store()
                .write(move |tx| {
                    let (message, sent) = (message.clone(), sent.clone());
                    Box::pin(async move {
                        match sent {
                            Ok(()) => outbox::done(tx, &message).await,
                            Err(error) => outbox::fail(tx, &message, again, &error).await,
                        }
                    })
                })
                .await?;
        }
        Ok(())
    }

    async fn expire(&self) -> Result<(), Error> {
        self.store()
            .write(|tx| {
                Box::pin(async move {
                    idempotency::expire(tx).await?;
                    session::expire(tx).await
                })
            })
            .await?;
        Ok(())
    }
}
