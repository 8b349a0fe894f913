//! Metrics in Prometheus form: the names with their help, the recorder, the figures of this process.

pub mod names;
mod process;
mod recorder;

pub use recorder::{Metrics, install};
