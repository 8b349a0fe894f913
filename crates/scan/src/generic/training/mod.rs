//! Data that the project makes itself, and the training of the scorer on it.
//!
//! A sample is a small file with known secrets. Training and held-out samples use different seeds, and the held-out
//! ones words, names and layouts that training never sees.

mod layouts;
mod negatives;
mod positives;
mod sample;
mod train;

pub(super) use sample::{Sample, sample};
