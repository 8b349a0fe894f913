//! Alerts: what a source says, and what becomes of it.

mod apply;
mod key;
mod observation;

pub use apply::{Change, Current, Flapping, apply};
pub use key::DedupKey;
pub use observation::{Labels, NO_TITLE, Observation, Signal, Status};

#[cfg(test)]
mod tests;
