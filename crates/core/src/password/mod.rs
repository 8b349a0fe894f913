//! Which passwords are taken: the rules of NIST SP 800-63B-4, section 3.1.1.
//!
//! Length counts and nothing else does: no rule of composition, no forced change. What many people choose, what a keyboard
//! suggests, and what is written on the page itself is refused, because that is what is tried first.

mod common;
mod policy;

pub use policy::{LONGEST, SHORTEST, Weakness, check};

#[cfg(test)]
mod tests;
