//! The group commit writer: one task that folds what waits into one transaction and answers after the commit.

mod batch;
mod job;
mod task;

pub(crate) use job::{Queue, queue};
pub(crate) use task::Writer;
pub use task::Progress;
