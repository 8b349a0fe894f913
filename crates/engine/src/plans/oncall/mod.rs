//! `oncall.yaml`: who is on call when.

mod compile;
mod file;
mod words;

pub(super) use compile::{FILE, load};

#[cfg(test)]
mod tests;
