//! What a chat sends to us: commands that people type there, and buttons that they press.

use jiff::Timestamp;

use super::{Sending, Settings, Target};
use crate::source::Headers;

/// The receiving side of a channel: pure but for [`Ear::later`].
pub trait Ear: Send + Sync {
    /// Tells whether a request is the chat's own, as the vendor's scheme does it, on the raw bytes, in constant time, and
    /// fresh: not older or younger than five minutes.
    ///
    /// # Errors
    /// [`Unheard`] names what is missing or wrong without repeating it.
    fn verify(&self, headers: &Headers, body: &[u8], settings: &Settings, at: Timestamp) -> Result<(), Unheard>;

    /// Reads a request that was verified.
    ///
    /// # Errors
    /// [`Unheard`] names what was wrong.
    fn hear(&self, headers: &Headers, body: &[u8]) -> Result<Heard, Unheard>;

    /// Writes an answer that only the asker sees, for the body of the response; JSON.
    fn answer(&self, words: &str) -> String;

    /// Sends an answer after the response, to the address that came with the request.
    fn later<'a>(&'a self, target: Target<'a>, address: &'a str, words: &'a str) -> Sending<'a>;
}

/// Says why a request is not heard.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unheard(pub String);

/// One request of a chat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heard {
    /// Who asks: the chat's own id of the member, within the workspace.
    pub member: String,
    /// Where: the chat's own id of the channel.
    pub room: String,
    pub what: What,
    /// Where a later answer goes.
    pub later: Option<String>,
}

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// Words after the command's name.
    Command(String),
    /// A button: which one, and what it carries.
    Press { button: String, value: String },
    /// The vendor looks whether we are there.
    Probe,
}
