//! Triage: from an alert to a decision, by the plans alone.
//!
//! Pure: the same alert under the same version of the plans gives the same decision, whose trace `explain` prints.

mod decide;
mod subject;

pub use decide::{Decision, Step, decide};
pub use subject::Subject;
