//! Duties: periodic, idempotent, without input; each runs at its period and does nothing if nothing is to be done. Those that
//! somebody waits for also run as soon as the record has grown: a page leaves when its incident is there, not at the next turn.

use std::time::Duration;

use futures::future::BoxFuture;
use jiff::SignedDuration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use watchfire_store::{Progress, chat, idempotency, outbox, paging, session, timer};

use crate::digest::DIGEST;
use crate::grants::GRANT_ENDED;
use crate::paging::{ANSWERED, ESCALATION, STALL};
use crate::silences::SILENCE_ENDED;
use crate::tokens::TOKEN_ENDS_SOON;
use crate::{Engine, Error};

/// A duty: its name, when its turns come, and one turn of it.
struct Duty {
    name: &'static str,
    every: Duration,
    /// A turn also follows whatever the record tells of.
    follows: bool,
    turn: Turn,
}

/// All duties, in alphabetical order.
const DUTIES: &[Duty] = &[
    after_changes("due_timers", Duration::from_millis(500), |engine| Box::pin(engine.due_timers())),
    periodic("expire", Duration::from_mins(10), |engine| Box::pin(engine.expire())),
    periodic("follow_plans", Duration::from_secs(5), |engine| Box::pin(engine.follow_plans())),
    periodic("follow_sources", Duration::from_secs(5), |engine| Box::pin(engine.reload_sources())),
    periodic("keep_rooms", Duration::from_secs(2), |engine| Box::pin(engine.keep_rooms())),
    after_changes("outbox", Duration::from_secs(1), |engine| Box::pin(async { engine.start_sending().await.map(drop) })),
    periodic("reconsider_held", Duration::from_secs(15), |engine| Box::pin(async { engine.reconsider_held().await.map(drop) })),
    periodic("relieve", Duration::from_secs(15), |engine| Box::pin(engine.relieve())),
];

type Turn = fn(&Engine) -> BoxFuture<'_, Result<(), Error>>;

const fn periodic(name: &'static str, every: Duration, turn: Turn) -> Duty {
    Duty { name, every, follows: false, turn }
}

const fn after_changes(name: &'static str, every: Duration, turn: Turn) -> Duty {
    Duty { name, every, follows: true, turn }
}

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
            let mut commits = self.subscribe();
            async move {
                let mut head = commits.borrow().head;
                loop {
                    tokio::select! {
                        () = tokio::time::sleep(duty.every) => {}
                        () = grown(&mut commits, head), if duty.follows => {}
                        () = stop.cancelled() => return,
                    }
                    // Before the turn, so that what comes in while it runs calls for another.
                    head = commits.borrow().head;
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

/// Waits until the record has grown beyond `head`. Commits without an entry, such as those of accepted deliveries, are nothing
/// to look after.
async fn grown(commits: &mut watch::Receiver<Progress>, head: i64) {
    if commits.wait_for(|progress| progress.head > head).await.is_err() {
        // The store is closed: the stop signal follows.
        std::future::pending::<()>().await;
    }
}
