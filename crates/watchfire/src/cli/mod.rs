//! The commands, one per file.

pub(crate) mod hook;
pub(crate) mod rules;
pub(crate) mod scan;
mod scan_key;
