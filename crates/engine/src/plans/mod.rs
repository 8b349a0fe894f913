//! Plans: everything decided before an incident, as files that a team reviews in git.
//!
//! [`PlanSet::load`] reads a folder's files into compiled form or tells every fault with file, line and column.
//! A set that has a fault is never put in force: the old version stays.

mod access;
mod builtin;
mod fault;
mod file;
mod incidents;
mod load;
mod oncall;
mod routing;
mod set;
mod severity;

pub use access::{AccessPlan, Fits};
pub use builtin::files as builtin_files;
pub use fault::Fault;
pub use file::TeamFile;
pub use incidents::{IncidentPlan, SeverityPlan};
pub use set::{Default as DefaultRoute, Files, Maintenance, PlanSet, Route, VisibilityRule};
pub use severity::SeverityRule;

#[cfg(test)]
mod tests;
