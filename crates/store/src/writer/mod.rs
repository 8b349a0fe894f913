//! The group commit writer: one task that folds what waits into one transaction and answers after the commit.

mod batch;
mod job;
mod task;

pub(crate) use job::{Queue, queue};
pub use task::Progress;
pub(crate) use task::Writer;
