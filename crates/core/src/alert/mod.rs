//! Alerts: what a source says, and what becomes of it.

mod key;
mod observation;

pub use key::DedupKey;
pub use observation::{Labels, NO_TITLE, Observation, Signal, Status};
