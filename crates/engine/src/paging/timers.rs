//! What falls due for pages: a step's time is over, a message has ended.

use watchfire_core::escalation::Event;
use watchfire_core::id::PageId;
use watchfire_core::text;
use watchfire_store::paging::{self, AttemptStatus};
use watchfire_store::{Error as StoreError, Tx, incident, timer};

use super::drive::{With, drive};
use super::notice::notify_after;
use crate::{Engine, Error};

/// Characters of a reply that are kept with an attempt.
const REPLY_CHARS: usize = 500;

impl Engine {
    /// A step's time is over: the page goes on, unless it was answered meanwhile.
    pub(crate) async fn escalate(&self, due: &timer::Timer) -> Result<(), Error> {
        self.in_time(due, |tx, due, with| Box::pin(escalate(tx, due, with))).await
    }

    /// A message has ended: its attempt and its page learn how.
    pub(crate) async fn page_was_answered(&self, due: &timer::Timer) -> Result<(), Error> {
        self.in_time(due, |tx, due, with| Box::pin(answered(tx, due, with))).await
    }

    /// Does what a timer was for, in the transaction that ends it: an older claim does nothing.
    async fn in_time(
        &self,
        due: &timer::Timer,
        work: for<'a> fn(&'a mut Tx, &'a timer::Timer, &'a With) -> futures::future::BoxFuture<'a, Result<(), StoreError>>,
    ) -> Result<(), Error> {
        let (with, due) = (self.with_machine("due_timers").await?, due.clone());
        let done = self.store().write(move |tx| {
            let (with, due) = (with.clone(), due.clone());
            Box::pin(async move {
                if timer::done(tx, &due).await? {
                    work(tx, &due, &with).await?;
                }
                Ok(())
            })
        });
        match done.await {
            // Somebody was quicker: the timer is still there and comes again after its lease.
            Err(StoreError::Conflict) => Ok(()),
            done => Ok(done?),
        }
    }
}

async fn escalate(tx: &mut Tx, due: &timer::Timer, with: &With) -> Result<(), StoreError> {
    let turn = due.body["turn"].as_u64().and_then(|turn| u32::try_from(turn).ok()).unwrap_or(0);
    let Ok(id) = due.subject.parse::<PageId>() else { return Ok(()) };
    let Some(mut page) = paging::page(tx, id).await? else { return Ok(()) };
    let Some(incident) = incident::by_id(tx, page.incident).await? else { return Ok(()) };
    drive(tx, &mut page, &incident, &Event::TimedOut { turn }, with).await.map(drop)
}

async fn answered(tx: &mut Tx, due: &timer::Timer, with: &With) -> Result<(), StoreError> {
    let Some(mut attempt) = paging::attempt_by_key(tx, &due.subject).await? else { return Ok(()) };
    let word = |name: &str| due.body[name].as_str().unwrap_or_default();
    attempt.status = match word("outcome") {
        "delivered" => AttemptStatus::Sent,
        "unknown" => AttemptStatus::Unknown,
        _ => AttemptStatus::Refused,
    };
    attempt.tries += 1;
    attempt.reply = text::line(&format!("{}: {}", word("channel"), word("reply")), REPLY_CHARS);
    attempt.changed_at = with.happening.now;
    paging::save_attempt(tx, &attempt).await?;
    let person = attempt.person.clone();
    let event = match attempt.status {
        AttemptStatus::Sent => Event::Delivered { person },
        AttemptStatus::Unknown => Event::Sent { person },
        _ => {
            let others = paging::attempts(tx, attempt.page).await?;
            let hopes = others.iter().any(|other| {
                other.person == attempt.person
                    && other.times == attempt.times
                    && other.contact.is_some()
                    && other.status != AttemptStatus::Refused
            });
            if hopes {
                return Ok(());
            }
            Event::Unreachable { person }
        }
    };
    let Some(mut page) = paging::page(tx, attempt.page).await? else { return Ok(()) };
    // What became of an earlier telling says nothing of the present one.
    if page.state.recipient(&attempt.person).is_none_or(|told| told.times != attempt.times) {
        return Ok(());
    }
    let Some(incident) = incident::by_id(tx, page.incident).await? else { return Ok(()) };
    drive(tx, &mut page, &incident, &event, with).await?;
    match event {
        // Whoever cannot be reached may have stood for a notice.
        Event::Unreachable { .. } => notify_after(tx, &incident, with).await,
        _ => Ok(()),
    }
}
