//! Makes texts that a rule must find, and near misses that it must not, from the rule itself.
//!
//! It fills the examples of rule files (run the test `examples_are_written_into_rule_files` with `WATCHFIRE_BLESS=1`)
//! and the accuracy sets; the same seed gives the same texts.

mod bless;
mod carrier;
mod nearmiss;
mod prove;
mod random;
mod walk;

pub(crate) use bless::bless;
pub(crate) use carrier::{Example, positive};
pub(crate) use nearmiss::negatives;
pub(crate) use random::Random;
