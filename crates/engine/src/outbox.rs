//! Carries out what waits to leave: at least once, many at a time, none waiting for another.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use jiff::SignedDuration;
use tokio::task::JoinHandle;
use watchfire_store::outbox::{self, Message};

use crate::channels::{self, CHANNEL_SEND};
use crate::intake::CONFIRM;
use crate::{Engine, Error};

/// Carries one message out and settles it: done, or due again.
type Carry = for<'a> fn(&'a Engine, &'a Message) -> BoxFuture<'a, Result<(), Error>>;

/// All kinds of messages, in alphabetical order.
const KINDS: &[(&str, Carry)] = &[
    (CHANNEL_SEND, |engine, message| Box::pin(channels::deliver(engine, message))),
    (CONFIRM, |engine, message| Box::pin(engine.confirm_subscription(message))),
];

/// How long a claimed message is ours; a node that dies with it lets another have it after that. Longer than any message
/// takes, so that no two nodes carry out the same one.
const LEASE: Duration = Duration::from_mins(2);
/// Messages that are carried out at once; each holds one in memory.
pub(crate) const SLOTS: usize = 32;
/// How long to wait at most before something is sent again.
const WAIT_S_MAX: i64 = 3_600;
/// How long the end of the process waits for what is being sent.
const DRAIN: Duration = Duration::from_secs(20);

impl Engine {
    /// Sends what waits to leave, and returns when all of it was tried.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn empty_outbox(&self) -> Result<(), Error> {
        for sending in self.start_sending().await? {
            sending.await.ok();
        }
        Ok(())
    }

    /// Claims as many messages as there are free places and starts to send them.
    ///
    /// # Errors
    /// The store does not answer.
    pub(crate) async fn start_sending(&self) -> Result<Vec<JoinHandle<()>>, Error> {
        let places = &self.0.sending;
        let mut reader = self.store().read().await?;
        let waits = outbox::waits(&mut reader, self.now()).await?;
        drop(reader);
        let free = places.available_permits();
        if !waits || free == 0 {
            return Ok(Vec::new());
        }
        let messages = self.store().write(move |tx| Box::pin(async move { outbox::claim(tx, free, LEASE).await })).await?;
        let mut started = Vec::with_capacity(messages.len());
        for message in messages {
            // The places are never closed.
            let Ok(place) = Arc::clone(places).acquire_owned().await else { break };
            let engine = self.clone();
            started.push(tokio::spawn(async move {
                if let Err(error) = engine.carry(&message).await {
                    tracing::warn!(outbox.kind = %message.kind, error = &error as &dyn std::error::Error, "sending broke off; it is tried again");
                }
                drop(place);
            }));
        }
        Ok(started)
    }

    /// Waits until nothing is being sent, or long enough.
    pub(crate) async fn finish_sending(&self) {
        let all = u32::try_from(SLOTS).unwrap_or(u32::MAX);
        drop(tokio::time::timeout(DRAIN, self.0.sending.acquire_many(all)).await);
    }

    async fn carry(&self, message: &Message) -> Result<(), Error> {
        match KINDS.iter().find(|(kind, _)| *kind == message.kind) {
            Some((_, carry)) => carry(self, message).await,
            None => self.try_again(message, &format!("this version cannot send {:?}", message.kind)).await,
        }
    }

    async fn confirm_subscription(&self, message: &Message) -> Result<(), Error> {
        let confirmed = match message.body.as_str() {
            Some(address) => self.0.fetch.confirm(address).await.map_err(|error| error.to_string()),
            None => Err("the message holds no address".to_owned()),
        };
        match confirmed {
            Ok(()) => {
                let message = message.clone();
                self.store()
                    .write(move |tx| {
                        let message = message.clone();
                        Box::pin(async move { outbox::done(tx, &message).await.map(drop) })
                    })
                    .await?;
                Ok(())
            }
            Err(reason) => self.try_again(message, &reason).await,
        }
    }

    /// Puts a message back, to be tried again after a wait that doubles.
    async fn try_again(&self, message: &Message, reason: &str) -> Result<(), Error> {
        tracing::warn!(outbox.kind = %message.kind, attempt = message.attempts, error = %reason, "sending failed; it is tried again");
        let wait = (1_i64 << message.attempts.clamp(0, 12)).min(WAIT_S_MAX);
        let now = self.now();
        let again = now.checked_add(SignedDuration::from_secs(wait)).unwrap_or(now);
        let (message, reason) = (message.clone(), reason.to_owned());
        self.store()
            .write(move |tx| {
                let (message, reason) = (message.clone(), reason.clone());
                Box::pin(async move { outbox::fail(tx, &message, again, &reason).await.map(drop) })
            })
            .await?;
        Ok(())
    }
}
