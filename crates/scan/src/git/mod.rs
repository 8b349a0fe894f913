//! Reads git repositories without git: objects in the order of their packs, indexes, ranges of commits.
//!
//! Nothing of a repository is executed: no filters, hooks, helpers or configured programs, and nothing is checked out.

mod attribute;
mod changes;
mod delta;
mod exercise;
mod finder;
mod graph;
mod history;
mod leading;
mod mapping;
mod objects;
mod pack;
mod paths;
mod push;
mod range;
mod staged;
mod trees;
mod walk;

pub(crate) use attribute::collect;
pub(crate) use exercise::{delta as exercise_delta, push as exercise_push, tree as exercise_tree};
pub(crate) use history::{Historical, scan_history};
pub use objects::hooks_folder;
pub(crate) use objects::{discover, open};
pub(crate) use push::{received, sent, tips};
pub use range::Error;
pub(crate) use range::{Commits, RangeScanner, Ranged, parse};
pub(crate) use staged::staged;

#[cfg(test)]
mod tests;
