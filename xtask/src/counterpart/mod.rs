//! The programs that the tests talk to: found, installed where they are missing, started, stopped.

mod axe;
mod install;
mod need;
mod oidc;
mod postgres;
mod process;
mod start;

pub(crate) use install::Install;
pub(crate) use start::start;
