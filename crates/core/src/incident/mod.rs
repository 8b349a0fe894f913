//! Incidents: what people work on.

mod class;

pub use class::{Class, Family};
