//! Intake: from a delivery to alerts and incidents.
//!
//! Two halves. [`accept`](crate::Engine::accept) verifies and stores the bytes and answers once they are durable.
//! The processor folds stored events into alerts and incidents, one transaction a batch, one node at a time.

mod accept;
mod active;
mod authors;
mod fold;
mod pace;
mod process;
mod quota;
mod raise;

pub use accept::{Accepted, Incoming, IntakeError};
pub(crate) use active::{ActiveSource, ActiveSources};
pub(crate) use authors::Authors;
pub(crate) use pace::Pace;
pub(crate) use raise::{CONFIRM, reconsider};
