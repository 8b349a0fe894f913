//! Provider rules: data in `rules/<vendor>.yaml`, digested at build time, compiled when first used.

#[cfg(test)]
mod accuracy;
pub mod check;
mod context;
mod definition;
mod error;
pub mod example;
pub mod gitleaks;
#[cfg(test)]
mod gitleaks_tests;
mod nearmiss;
mod placeholder;
mod prefix;
mod proof;
mod published;
pub mod reference;
#[expect(clippy::module_inception, reason = "the interface names the type rule::Rule and one thing stands in one file")]
mod rule;
mod set;
#[cfg(test)]
pub(crate) mod synthesis;
#[cfg(test)]
mod tests;
mod validate;

pub use context::Context;
pub use definition::{CheckSpec, RuleSource, VendorFile};
pub use error::RuleError;
pub(crate) use nearmiss::{is_marked, is_vendors_shape};
pub use placeholder::{is_placeholder, shannon_bits};
pub use proof::{Proof, Verdict};
pub(crate) use proof::{decode_base64, looks_like_text};
pub(crate) use published::is_published;
pub use rule::{Pattern, Rule};
pub use set::RuleSet;
#[cfg(test)]
pub(crate) use synthesis::Random;
