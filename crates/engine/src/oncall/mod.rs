//! On-call: the schedules of the plans with the people of the installation and what they changed.

mod feeds;
mod lint;
mod overrides;
mod people;
mod read;
mod swaps;

pub use feeds::{Calendar, FeedOf, NewFeed};
pub use overrides::NewOverride;
pub use read::{Board, Lane};
pub use swaps::NewSwap;
