//! What is put into the outbox for a channel.

use serde::{Deserialize, Serialize};
use watchfire_core::channel::Message;
use watchfire_core::id::IncidentId;
use watchfire_store::{Error as StoreError, Tx, outbox};

/// The kind of message of the outbox that a channel sends.
pub(crate) const CHANNEL_SEND: &str = "channel.send";

/// A message on its way through a channel, and what to do when that way is closed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Dispatch {
    /// Id or name of a configured channel.
    pub channel: String,
    pub message: Message,
    /// Other ways to the same recipient, tried in order when this one is burned, disabled, gone or refuses.
    #[serde(default)]
    pub instead: Vec<Way>,
    /// The kind of a timer that is put, due at once, when the message has ended: its subject is the message's key, its body
    /// `{"outcome", "channel", "reply", "reference"}` with the outcome `delivered`, `refused`, `unknown` or `unreachable`.
    #[serde(default)]
    pub then: Option<String>,
    /// No other channel than those named may carry it, also where it names no recipient.
    #[serde(default)]
    pub only: bool,
    /// Channels that did not carry it, by id.
    #[serde(default)]
    pub tried: Vec<String>,
}

/// One way to a recipient.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Way {
    /// Id or name of a configured channel.
    pub channel: String,
    /// The recipient's address there; `None` for the channel's own place.
    pub to: Option<String>,
}

impl Dispatch {
    /// Sends a message through a channel, with no other way and nobody to tell.
    pub fn new(channel: impl Into<String>, message: Message) -> Self {
        Self { channel: channel.into(), message, instead: Vec::new(), then: None, only: false, tried: Vec::new() }
    }

    /// Returns the same message on the next of the other ways, or `None` if there is none left.
    pub(super) fn onward(&self, tried: &str) -> Option<Self> {
        let (way, rest) = self.instead.split_first()?;
        let mut next = self.by(&way.channel, tried);
        next.message.to.clone_from(&way.to);
        next.instead = rest.to_vec();
        Some(next)
    }

    /// Returns the same message for another channel.
    pub(super) fn by(&self, channel: &str, tried: &str) -> Self {
        let mut next = self.clone();
        next.channel = channel.to_owned();
        next.tried.push(tried.to_owned());
        // References and threads are one channel's own.
        next.message.thread = None;
        next
    }
}

/// Puts a message into the outbox, in the caller's transaction.
///
/// # Errors
/// What the database answers.
pub async fn dispatch(tx: &mut Tx, incident: Option<IncidentId>, dispatch: &Dispatch) -> Result<(), StoreError> {
    let body = serde_json::to_value(dispatch).map_err(StoreError::damaged)?;
    outbox::put(tx, CHANNEL_SEND, incident, &body).await.map(drop)
}
