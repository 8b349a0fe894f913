//! What is known after an attempt to send.

use std::time::Duration;

use crate::text;

/// Characters of a reply or reason that are kept.
pub const REPLY_CHARS: usize = 500;

/// What is known after one attempt. Its texts are bounded, of one line and free of secrets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The other side has taken it.
    Delivered {
        /// What the other side said: `250 2.0.0 Ok: queued as 4F2A`.
        reply: String,
        /// How the other side names it, for threads, edits and looking it up: a message id, a room's id, a link to join.
        reference: Option<String>,
        /// The message as it went over the wire, where that is evidence (mail).
        raw: Option<String>,
    },
    /// It did not happen, and may succeed later.
    Retry {
        reason: String,
        /// How long the other side asked to wait.
        after: Option<Duration>,
    },
    /// It did not happen, and will not until somebody changes something.
    Refused { reason: String },
    /// It may have happened: an answer that never came. It is repeated only where repeating is harmless.
    Unknown { reason: String },
}

impl Outcome {
    /// Says that the other side has taken it.
    pub fn delivered(reply: impl AsRef<str>) -> Self {
        Self::Delivered { reply: bounded(reply), reference: None, raw: None }
    }

    /// Adds how the other side names it; does nothing to what was not delivered.
    #[must_use]
    pub fn with_reference(mut self, name: impl Into<String>) -> Self {
        if let Self::Delivered { reference, .. } = &mut self {
            *reference = Some(name.into());
        }
        self
    }

    /// Adds the message as it went over the wire; does nothing to what was not delivered.
    #[must_use]
    pub fn with_raw(mut self, sent: impl Into<String>) -> Self {
        if let Self::Delivered { raw, .. } = &mut self {
            *raw = Some(sent.into());
        }
        self
    }

    /// Says that it did not happen and may succeed later.
    pub fn retry(reason: impl AsRef<str>, after: Option<Duration>) -> Self {
        Self::Retry { reason: bounded(reason), after }
    }

    /// Says that it did not happen and will not.
    pub fn refused(reason: impl AsRef<str>) -> Self {
        Self::Refused { reason: bounded(reason) }
    }

    /// Says that it may have happened.
    pub fn unknown(reason: impl AsRef<str>) -> Self {
        Self::Unknown { reason: bounded(reason) }
    }

    /// Blots secrets out of everything that is kept, in case the other side or the wire repeated one. Texts shorter than
    /// six bytes are no secrets: blotting them out would make a riddle of the reply.
    #[must_use]
    pub fn without<'a>(mut self, secrets: impl IntoIterator<Item = &'a str>) -> Self {
        for secret in secrets.into_iter().filter(|secret| secret.len() >= 6) {
            let blot = |text: &mut String| {
                if text.contains(secret) {
                    *text = text.replace(secret, "[secret]");
                }
            };
            match &mut self {
                Self::Delivered { reply, reference, raw } => {
                    blot(reply);
                    reference.iter_mut().chain(raw).for_each(blot);
                }
                Self::Retry { reason, .. } | Self::Refused { reason } | Self::Unknown { reason } => blot(reason),
            }
        }
        self
    }

    /// Returns the word that the record uses.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Delivered { .. } => "delivered",
            Self::Retry { .. } => "retry",
            Self::Refused { .. } => "refused",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// Returns what the other side said, or why it was not delivered.
    pub fn reply(&self) -> &str {
        match self {
            Self::Delivered { reply, .. } => reply,
            Self::Retry { reason, .. } | Self::Refused { reason } | Self::Unknown { reason } => reason,
        }
    }
}

fn bounded(words: impl AsRef<str>) -> String {
    text::line(words.as_ref(), REPLY_CHARS)
}
