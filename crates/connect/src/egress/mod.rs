//! The one way out: every request that Watchfire makes goes through [`Egress`].
//!
//! A webhook can name an address, and so can a plan or a person; none of them may make the server call into the
//! network it stands in. Each use lists its hosts, a name is resolved once, the addresses are checked and only
//! those are connected to; redirects are not followed, answers are bounded, and no error repeats what came back.

mod address;
mod call;
mod client;
mod error;
mod exceptions;
mod hosts;
mod resolver;
pub mod sns;
mod stream;
mod target;

#[cfg(test)]
mod tests;

pub use call::{Answer, Call};
pub use client::{Egress, Limits, Settings};
pub use error::EgressError;
pub use exceptions::{ExceptionError, Exceptions};
pub use hosts::Hosts;
pub(crate) use reqwest::Url;
pub use resolver::{Resolver, SystemResolver};
