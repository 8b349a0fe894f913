//! Escalation: whom a page tells, when it goes on, and what ends it, as a pure state machine.
//!
//! [`advance`] takes a [`Policy`], the [`Page`], an [`Event`] and a [`Directory`] of people, and gives the page as it is
//! then with the [`Effect`]s that follow. Nothing is sent here: effects are data until the engine carries them out.
//!
//! The law: a page that nobody has answered always has an instant at which it goes on, so that it reaches a next step or
//! its fallback; an acknowledgement stops what its policy says, and nothing else.

mod advance;
mod effect;
mod page;
mod policy;

pub use advance::advance;
pub use effect::{Effect, Event, Skip};
pub use page::{Answer, Page, Place, Recipient, Status};
pub use policy::{Directory, Policy, Reach, Step, Stops, Target};

#[cfg(test)]
mod tests;
