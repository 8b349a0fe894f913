//! The `scan` command without its command line: options in, a report and an exit code out.

mod baseline;
mod options;
mod repository;
mod run;
mod state;

pub use crate::git::Error as GitError;
pub use crate::git::hooks_folder;
pub use baseline::{Baseline, Error as BaselineError, Known};
pub use options::{Mode, Options};
pub use run::{CLEAN, Error, FAILED, FOUND, Outcome, run};

#[cfg(test)]
mod tests;
