//! Any JSON, read by a mapping that its owner wrote, or by the usual names of fields.

mod mapping;
mod read;
mod source;
#[cfg(test)]
mod tests;

pub use mapping::{Mapping, MappingError};
pub(super) use source::Generic;
pub use source::{TryError, try_mapping};
