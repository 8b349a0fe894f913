//! The nouns, states and laws of incident response.
//!
//! Pure: no IO, no async, no clock, no randomness; `now` and random bytes are arguments. It does not know
//! where state is kept, who sends alerts or how people are reached.

pub mod access;
pub mod actor;
pub mod alert;
pub mod chance;
pub mod channel;
pub mod codename;
pub mod condition;
pub mod escalation;
pub mod event;
pub mod id;
pub mod incident;
pub mod limits;
pub mod metrics;
pub mod oncall;
pub mod password;
pub mod person;
pub mod record;
pub mod severity;
pub mod source;
pub mod text;
pub mod time;
pub mod token;
pub mod yaml;

pub use severity::Severity;

#[cfg(test)]
mod tests;
