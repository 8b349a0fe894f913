//! Reads git repositories without git: objects in the order of their packs, indexes, ranges of commits.
//!
//! Nothing of a repository is executed: no filters, hooks, helpers or configured programs, and nothing is checked out.

mod attribute;
mod delta;
mod graph;
mod history;
mod objects;
mod pack;
mod paths;
mod trees;
mod walk;

pub(crate) use attribute::collect;
pub(crate) use history::{Historical, scan_history};
pub(crate) use objects::open;

#[cfg(test)]
mod tests;
