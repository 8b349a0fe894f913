//! Incidents: what people work on, as a pure state machine.
//!
//! [`Incident::decide`] takes a [`Command`] and gives the [`Fact`]s that follow or a [`Refusal`]; [`Incident::apply`]
//! folds a fact in. The store keeps the incident, the record keeps the facts.

mod class;
mod command;
mod decide;
mod fact;
mod phase;
mod role;
mod staffing;
mod state;
mod task;
mod update;

pub use class::{Class, Family};
pub use command::{Command, Refusal};
pub use fact::Fact;
pub use phase::Phase;
pub use role::{Assignment, Role};
pub use staffing::Staffing;
pub use state::{Incident, Kind, Postmortem, Sensitivity, SignalState, Visibility};
pub use task::{Task, TaskState};
pub use update::{Hint, StatusUpdate, UpdateText, UsersImpacted, hints};

#[cfg(test)]
mod tests;
#[cfg(test)]
mod update_tests;
