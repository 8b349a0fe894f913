//! Settings: flags, then environment, then the settings file, then what serves without any.
//!
//! Flags and environment are clap's; `file` is the TOML file, whose keys are the flags' names with underscores.

mod egress;
mod file;
mod secret;
mod serve;
mod sign_in;
mod store;

pub(crate) use egress::EgressSettings;
pub(crate) use file::FileSettings;
pub(crate) use secret::{DatabaseUrl, Hidden};
pub(crate) use serve::{ServeArgs, ServeSettings};
pub(crate) use sign_in::{SignInArgs, SignInSettings};
pub(crate) use store::StoreArgs;

#[cfg(test)]
mod tests;
