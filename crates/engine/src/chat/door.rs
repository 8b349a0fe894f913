//! Who asks, and whether they are heard.

use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use watchfire_core::channel::{ChannelTrust, Heard, Target, Unheard, What};
use watchfire_core::source::Headers;
use watchfire_store::channel::{self, Channel};
use watchfire_store::chat;

use crate::{Engine, Error};

/// How long a request is remembered: longer than its time stamp is believed, either way.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(15);

/// A request that was heard, and its answer to come.
#[derive(Clone)]
pub struct ChatAnswer {
    engine: Engine,
    channel: Channel,
    heard: Heard,
}

/// Why a request was not heard.
#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    /// No configured channel of the kind vouches for it, or the same request came before.
    #[error("the request is not one of a chat that is set up here: {0}")]
    Unheard(Unheard),
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<watchfire_store::Error> for ChatError {
    fn from(error: watchfire_store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Engine {
    /// Hears a request of a chat: verified under the secret of one of the channels of this kind, fresh, and not taken
    /// before.
    ///
    /// # Errors
    /// Not heard, or the store does not answer.
    pub async fn chat_hear(&self, kind: &str, headers: &Headers, body: &[u8]) -> Result<ChatAnswer, ChatError> {
        let unheard = |why: &str| ChatError::Unheard(Unheard(why.to_owned()));
        let ear = self.0.channels.get(kind).and_then(|channel| channel.ear()).ok_or_else(|| unheard("no such chat"))?;
        let now = self.now();
        let mut reader = self.store().read().await?;
        let channels = channel::list(&mut reader).await?;
        drop(reader);
        let ours = channels.into_iter().filter(|channel| channel.kind == kind && channel.disabled_at.is_none());
        let mut why = Unheard("no channel of this kind".to_owned());
        let mut found = None;
        for channel in ours {
            match ear.verify(headers, body, &channel.settings, now) {
                Ok(()) => {
                    found = Some(channel);
                    break;
                }
                Err(error) => why = error,
            }
        }
        let Some(channel) = found else { return Err(ChatError::Unheard(why)) };
        if channel.trust == ChannelTrust::Burned {
            return Err(unheard("the channel is burned"));
        }
        let heard = ear.hear(headers, body).map_err(ChatError::Unheard)?;
        if heard.what != What::Probe && !self.first_time(headers, body).await? {
            return Err(unheard("the same request came before"));
        }
        Ok(ChatAnswer { engine: self.clone(), channel, heard })
    }

    /// Remembers a request; the signature is over its time and bytes, so that the bytes and the headers tell it.
    async fn first_time(&self, headers: &Headers, body: &[u8]) -> Result<bool, Error> {
        let mut hash = Sha256::new();
        for (name, value) in headers.iter().filter(|(name, _)| name.contains("signature") || name.contains("timestamp")) {
            hash.update(format!("{name}:{value}\n"));
        }
        hash.update(body);
        let hash: [u8; 32] = hash.finalize().into();
        let now = self.now();
        let until = now.checked_add(REMEMBERED).unwrap_or(now);
        let first = self.store().write(move |tx| Box::pin(async move { chat::see(tx, hash, until).await }));
        Ok(first.await?)
    }
}

impl ChatAnswer {
    /// Does what was asked and returns what to say; what fails is told in words, and empty is nothing.
    pub async fn work(&self) -> String {
        self.engine.chat_act(&self.channel, &self.heard).await.unwrap_or_else(|error| told(&error))
    }

    /// Sends words after the response.
    pub async fn send_later(&self, words: &str) {
        let ear = self.engine.0.channels.get(self.channel.kind.as_str()).and_then(|channel| channel.ear());
        if words.is_empty() {
            return;
        }
        if let (Some(ear), Some(address)) = (ear, self.heard.later.as_deref()) {
            let target = Target { settings: &self.channel.settings, at: self.engine.now(), attempt: 1 };
            let outcome = ear.later(target, address, words).await;
            tracing::debug!(channel = %self.channel.name, outcome = outcome.as_str(), "a late answer went to the chat");
        }
    }

    /// Tells whether the vendor only looks whether we are there.
    pub fn is_probe(&self) -> bool {
        self.heard.what == What::Probe
    }

    /// Puts words into the chat's own form, for the body of the response.
    pub fn form(&self, words: &str) -> String {
        let ear = self.engine.0.channels.get(self.channel.kind.as_str()).and_then(|channel| channel.ear());
        ear.map_or_else(String::new, |ear| ear.answer(words))
    }
}

/// What went wrong, as far as the asker may know it.
fn told(error: &Error) -> String {
    match error {
        Error::Internal(_) | Error::Unavailable | Error::Overloaded => {
            tracing::warn!(error = error as &dyn std::error::Error, "a chat's command failed");
            "It did not work now; try again soon.".to_owned()
        }
        error => format!("It was not done: {error}."),
    }
}
