//! What a way to reach people is: the contract between the rim that knows vendors and the flow that does not.
//!
//! The flow writes a [`Message`], [`guard`] decides what of it a configured channel may carry, and a [`Channel`] sends it
//! and tells in an [`Outcome`] what is known about it afterwards.

mod about;
mod ear;
mod guard;
mod message;
mod outcome;
mod room;
mod settings;
pub mod verb;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use jiff::Timestamp;

pub use about::{ANNOUNCE, About, Capabilities, Field, ROOMS};
pub use ear::{Ear, Heard, Unheard, What};
pub use guard::{Carried, ChannelTrust, NoTrust, guard};
pub use message::{Kind, Message, Named};
pub use outcome::{Outcome, REPLY_CHARS};
pub use room::Room;
pub use settings::{Settings, Unusable};

/// The answer of a channel that is still being asked; dropping it gives up, and what happened by then is unknown.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// A way to reach people. One file each under `connect/src/channels/`.
///
/// Every call ends by itself (connecting within 3 s, the whole within 15 s) and never panics, whatever the other side
/// answers. The same [`Message::key`] again is the same message: a channel whose other side can tell does not repeat it.
pub trait Channel: Send + Sync {
    /// Describes the channel for pages, reference and the command line.
    fn about(&self) -> &'static About;

    /// Tells whether the settings can be used, before a channel is saved with them; sends nothing.
    ///
    /// # Errors
    /// [`Unusable`] names the setting and what is wrong in it, never its value if it is a secret.
    fn check(&self, settings: &Settings) -> Result<(), Unusable>;

    /// Sends one message.
    fn send<'a>(&'a self, target: Target<'a>, message: &'a Message) -> Sending<'a>;

    /// Returns the receiving side, if people can command from there.
    fn ear(&self) -> Option<&dyn Ear> {
        None
    }

    /// Does something with a room or a call: see [`Room`] and [`Capabilities`].
    fn room<'a>(&'a self, _target: Target<'a>, _act: &'a Room) -> Sending<'a> {
        Box::pin(std::future::ready(Outcome::refused(format!("{} has no rooms", self.about().title))))
    }

    /// Returns the address by which people open a room that this channel made; `None` where its name is no address and
    /// none can be made of it.
    fn room_link(&self, _room: &str) -> Option<String> {
        None
    }
}

/// One configured channel, opened for one call.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// All settings, secrets included.
    pub settings: &'a Settings,
    /// Now, by our clock: for dates and signatures.
    pub at: Timestamp,
    /// Which attempt at this message it is, from 1. From the second on, a channel may look first whether an earlier one
    /// arrived.
    pub attempt: u32,
}

/// All channels by kind, in alphabetical order, as the wiring hands them in.
pub type Registry = BTreeMap<&'static str, Arc<dyn Channel>>;
