//! The secret engine: finds leaked secrets in text, trees and git history; knows nothing of incidents.

pub mod archive;
mod collect;
pub mod command;
pub mod decode;
pub mod finding;
pub mod fingerprint;
pub mod fuzzing;
mod gate;
pub mod generic;
mod git;
pub mod live;
pub mod redact;
pub mod report;
pub mod rule;
mod source;
#[cfg(test)]
mod testing;
mod text;
