//! Duties: periodic, idempotent, without input; each runs at its period and does nothing if nothing is to be done.

use std::time::Duration;

use futures::future::BoxFuture;
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;
use watchfire_store::{chat, idempotency, outbox, paging, session, timer};

use crate::digest::DIGEST;
use crate::grants::GRANT_ENDED;
use crate::paging::{ANSWERED, ESCALATION, STALL};
use crate::silences::SILENCE_ENDED;
use crate::tokens::TOKEN_ENDS_SOON;
use crate::{Engine, Error};

/// A duty: its name, its period, and one turn of it.
struct Duty {
    name: &'static str,
    every: Duration,
    turn: fn(&Engine) -> BoxFuture<'_, Result<(), Error>>,
}

/// All duties, in alphabetical order.
const DUTIES: &[Duty] = &[
    Duty { name: "due_timers", every: Duration::from_millis(500), turn: |engine| Box::pin(engine.due_timers()) },
    Duty { name: "expire", every: Duration::from_mins(10), turn: |engine| Box::pin(engine.expire()) },
    Duty { name: "follow_plans", every: Duration::from_secs(5), turn: |engine| Box::pin(engine.follow_plans()) },
    Duty { name: "follow_sources", every: Duration::from_secs(5), turn: |engine| Box::pin(engine.reload_sources()) },
    Duty { name: "keep_rooms", every: Duration::from_secs(2), turn: |engine| Box::pin(engine.keep_rooms()) },
    Duty {
        name: "outbox",
        every: Duration::from_secs(1),
        turn: |engine| Box::pin(async { engine.start_sending().await.map(drop) }),
    },
    Duty {
        name: "reconsider_held",
        every: Duration::from_secs(15),
        turn: |engine| Box::pin(async { engine.reconsider_held().await.map(drop) }),
    },
    Duty { name: "relieve", every: Duration::from_secs(15), turn: |engine| Box::pin(engine.relieve()) },
];

/// How long a message that was sent stays in the outbox, for whoever looks into the database after a bad day; what became
/// of it is in the record.
const SENT_KEPT: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Rows claimed at once.
const CLAIM: usize = 50;

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
        self.finish_sending().await;
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
            let done = match timer.kind.as_str() {
                DIGEST => self.send_digest(&timer).await,
                ANSWERED => self.page_was_answered(&timer).await,
                ESCALATION => self.escalate(&timer).await,
                GRANT_ENDED => self.grant_is_over(&timer).await,
                TOKEN_ENDS_SOON => self.token_ends_soon(&timer).await,
                SILENCE_ENDED => self.silence_is_over(&timer).await,
                STALL => self.look_for_stall(&timer).await,
                other => {
                    tracing::error!(kind = other, "a timer of a kind that this version does not know stays for a newer one");
                    Ok(())
                }
            };
            // One that fails is due again after its lease, and keeps no other waiting.
            if let Err(error) = done {
                tracing::warn!(timer.kind = %timer.kind, error = &error as &dyn std::error::Error, "a timer failed; it comes again");
            }
        }
        Ok(())
    }

    /// Forgets what has had its time.
    pub(crate) async fn expire(&self) -> Result<(), Error> {
        self.store()
            .write(|tx| {
                Box::pin(async move {
                    let now = tx.now();
                    chat::expire(tx).await?;
                    idempotency::expire(tx).await?;
                    outbox::expire(tx, now.checked_sub(SENT_KEPT).unwrap_or(now)).await?;
                    paging::expire_links(tx, now).await?;
                    session::expire(tx).await
                })
            })
            .await?;
        Ok(())
    }
}
