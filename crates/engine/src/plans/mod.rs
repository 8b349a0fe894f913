//! Plans: everything decided before an incident, as files that a team reviews in git.
//!
//! [`PlanSet::load`] reads a folder's files into compiled form or tells every fault with file, line and column.
//! A set that has a fault is never put in force: the old version stays.

mod access;
mod builtin;
mod developers;
mod escalation;
mod escalation_file;
mod expression;
mod fault;
mod file;
mod fit;
mod incidents;
mod load;
mod notice;
mod oncall;
mod responsibility;
mod roles;
mod routing;
mod set;
mod severity;
mod stakeholders;

pub use access::{AccessPlan, Fits};
pub use builtin::files as builtin_files;
pub use developers::{AUTHOR, Authors, AutonomyPlan};
pub use escalation::{Coordination, Escalation, PageRule};
pub use fault::Fault;
pub use file::TeamFile;
pub use fit::Fit;
pub use incidents::{IncidentPlan, SeverityPlan};
pub use notice::Notice;
pub use responsibility::{Answers, Responsibilities, ResponsibilityRule};
pub use roles::{RolePlan, Roles};
pub use set::{Default as DefaultRoute, Files, Maintenance, PlanSet, Route, VisibilityRule};
pub use severity::SeverityRule;
pub use stakeholders::{Group, Stakeholders};

#[cfg(test)]
mod tests;
