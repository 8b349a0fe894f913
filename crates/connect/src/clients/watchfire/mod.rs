//! The client of our own API, which the command line uses to reach a running server.

mod client;
mod error;
mod retry;

#[cfg(test)]
mod tests;

pub use client::{Options, Watchfire, Write};
pub use error::{ClientError, FieldProblem, Problem};
