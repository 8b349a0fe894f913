//! `cargo xtask deny`: licences, origins and banned packages.
//!
//! cargo-deny does it where it is installed; elsewhere the three checks below read the same `deny.toml`,
//! so that a clean machine need not compile cargo-deny first.

mod licence;
mod policy;
mod run;
mod tree;

pub(crate) use run::run;
