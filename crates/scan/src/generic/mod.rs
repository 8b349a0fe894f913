//! Generic secrets: assignments and credential files whose values no provider's format describes.

mod assignment;
mod auth;
mod calls;
mod candidate;
mod connection;
mod features;
mod files;
mod judge;
mod key;
mod kind;
mod lists;
mod nodes;
mod public;
mod reject;
mod scan;
mod score;
mod url;
mod value;
mod wake;
mod words;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod training;

pub use candidate::{Candidate, FileContext, Reason};
pub(crate) use judge::Judge;
pub use kind::FileKind;
pub use scan::scan;
pub(crate) use wake::{Call, GATE, Wake, call, is_scanned_whole};
