//! How much a channel is trusted, and what it therefore may carry.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Kind, Message};
use crate::text;

/// How far a channel is believed to be read by its recipients alone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChannelTrust {
    /// Nobody else is thought to read it.
    Trusted,
    /// An attacker may read it: it tells nothing of restricted incidents but that there is work.
    Suspect,
    /// An attacker reads it or writes in it: it carries nothing.
    Burned,
}

impl ChannelTrust {
    /// All states, best first.
    pub const ALL: [Self; 3] = [Self::Trusted, Self::Suspect, Self::Burned];

    /// Returns the word that the API and the store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trusted => "trusted",
            Self::Suspect => "suspect",
            Self::Burned => "burned",
        }
    }
}

/// Says that a text is no trust state.
#[derive(Debug, thiserror::Error)]
#[error("trust {0:?} is none of trusted, suspect, burned")]
pub struct NoTrust(pub String);

impl FromStr for ChannelTrust {
    type Err = NoTrust;
    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|state| state.as_str() == word).ok_or_else(|| NoTrust(text::line(word, 40)))
    }
}

/// What becomes of a message on a channel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Carried {
    /// Sent as it was written.
    Whole(Message),
    /// Sent as this, which names nothing.
    Redacted(Message),
    /// Not sent here; another channel has to carry it.
    Nothing,
}

/// The whole text that a channel that is not trusted gets about a restricted incident.
pub(super) const WORK: &str = "You have work. Open the console.";

/// Decides what of a message a channel in this state may carry.
///
/// A trusted channel carries everything, a burned one nothing. A suspect one carries what is about no restricted
/// incident; about a restricted one only that there is work, with neither title, codename, short id nor severity, and
/// with the console's own address as the link. The recipient, the kind of message and the keys that make repeating
/// harmless stay, so that a page still pages.
pub fn guard(trust: ChannelTrust, message: Message) -> Carried {
    let restricted = message.incident.as_ref().is_some_and(|incident| incident.restricted);
    match trust {
        ChannelTrust::Burned => Carried::Nothing,
        ChannelTrust::Suspect if restricted => Carried::Redacted(redacted(message)),
        ChannelTrust::Trusted | ChannelTrust::Suspect => Carried::Whole(message),
    }
}

fn redacted(message: Message) -> Message {
    let subject = match message.kind {
        Kind::Page | Kind::Notice => WORK,
        Kind::Acknowledge | Kind::Resolve => "Nothing more to do here.",
    };
    Message {
        kind: message.kind,
        to: message.to,
        subject: subject.to_owned(),
        text: String::new(),
        severity: None,
        incident: None,
        link: Some(message.console.clone()),
        acknowledge: None,
        console: message.console,
        key: message.key,
        // The same for all messages of the matter, and says nothing to who knows the matter's name.
        matter: text::hex(&Sha256::digest(message.matter.as_bytes())[..16]),
        thread: None,
    }
}
