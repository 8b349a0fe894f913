//! `oncall.yaml`: who is on call when.

mod compile;
mod file;
mod words;

pub(super) use compile::{FILE, load};
pub(super) use words::{time, zone};

#[cfg(test)]
mod tests;
