//! Looks into archives and compressed files, within limits that no bomb passes.
//!
//! Nothing is written anywhere: entries are read one after the other, into memory, and names are only ever shown.

mod gzip;
mod opener;
mod tar;
mod zip;

pub(crate) use gzip::whole_path;
pub use opener::{Kind, Limits, Opener};

#[cfg(test)]
mod tests;
