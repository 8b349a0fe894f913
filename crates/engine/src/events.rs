//! Events as they were received.

use bytes::Bytes;
use watchfire_core::access::{Identity, Right};
use watchfire_core::id::EventId;
use watchfire_core::source::Headers;
use watchfire_store::alert::{self, Alert};
use watchfire_store::event::{self, Event};

use crate::{Engine, Error, Page, PageRequest};

/// An event with its contents and the alerts that it spoke of.
#[derive(Clone, Debug)]
pub struct EventDetail {
    pub event: Event,
    /// As received, without credentials.
    pub headers: Headers,
    /// As received, verbatim.
    pub body: Bytes,
    pub alerts: Vec<Alert>,
}

impl Engine {
    /// Lists events, newest first, without their bodies.
    ///
    /// # Errors
    /// The cursor is not one of ours, or the store does not answer.
    pub async fn events(&self, who: &Identity, filter: event::Filter, page: PageRequest) -> Result<Page<Event>, Error> {
        who.may(Right::Act)?;
        let after = page.after()?;
        let mut reader = self.store().read().await?;
        #[cfg(not(feature = "planted-defects"))]
        let scope = who.scope();
        #[cfg(feature = "planted-defects")]
        let scope =
            if crate::planted::is_planted("list-every-event") { Identity::machine("planted").scope() } else { who.scope() };
        Ok(event::list(&mut reader, &scope, &filter, after.as_ref(), page.rows()).await?.into())
    }

    /// Shows an event with its bytes.
    ///
    /// # Errors
    /// Not found for this caller, or the store does not answer.
    pub async fn event(&self, who: &Identity, id: EventId) -> Result<EventDetail, Error> {
        who.may(Right::Act)?;
        let mut reader = self.store().read().await?;
        let opened = event::shown(&mut reader, &who.scope(), id).await?.ok_or(Error::NotFound("event"))?;
        let alerts = alert::of_event(&mut reader, &who.scope(), id).await?;
        Ok(EventDetail { event: opened.event, headers: opened.headers, body: opened.body, alerts })
    }

    /// Puts a quarantined event back in the queue, to be read again.
    ///
    /// # Errors
    /// Not found, not in quarantine, or the store does not answer.
    pub async fn requeue_event(&self, who: &Identity, id: EventId) -> Result<(), Error> {
        who.may(Right::Configure)?;
        self.event(who, id).await?;
        let happening = self.happening(who);
        let requeued = self.store().write(move |tx| {
            let happening = happening.clone();
            Box::pin(async move {
                let requeued = event::requeue(tx, id).await?;
                if requeued {
                    let mut draft = happening.draft("event.requeued");
                    draft.event = Some(id);
                    tx.record(draft);
                }
                Ok(requeued)
            })
        });
        if !requeued.await? {
            return Err(Error::invalid("id", "the event is not in quarantine"));
        }
        self.0.pending.notify_one();
        Ok(())
    }
}
