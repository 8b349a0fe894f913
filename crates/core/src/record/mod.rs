//! The record: what happened, one entry each, in a form that can be sealed and withheld in parts.

mod draft;
mod json;
mod leaf;

pub use draft::Draft;
pub use json::canonical;
pub use leaf::{Leaf, SALT_BYTES, commitment};

#[cfg(test)]
mod tests;
