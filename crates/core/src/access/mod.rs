//! Who may do and see what: the one place that decides.
//!
//! [`Identity::may`] tells whether a role and a credential reach at all, [`decide`] whether they reach one incident, and
//! [`Identity::scope`] which incidents a list shows. All three follow the same laws; a test of the store compares them.

mod autonomy;
mod decide;
mod identity;
mod level;
mod powers;
mod role;
mod scope;

pub use autonomy::Autonomy;
pub use decide::{Decision, Object, decide};
pub use identity::{Denied, Identity, Proof, Right};
pub use level::{GrantSource, Level};
pub use powers::Powers;
pub use role::Role;
pub use scope::Scope;

#[cfg(test)]
mod tests;
