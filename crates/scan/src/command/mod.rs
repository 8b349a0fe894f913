//! The `scan` command without its command line: options in, a report and an exit code out.

mod options;
mod run;

pub use options::{Mode, Options};
pub use run::{CLEAN, Error, FAILED, FOUND, Outcome, run};

#[cfg(test)]
mod tests;
