//! What people change of the on-call schedules, and the addresses of calendar feeds.

pub mod feed;
mod overrides;
mod swap;

pub use overrides::{OverrideRow, end, insert, list, of_swap, override_by_id};
pub use swap::{Swap, SwapState, insert_swap, list_swaps, settle, swap_by_id};

#[cfg(test)]
pub(crate) const STATEMENTS: &[&[(&str, crate::statements::Sql)]] = &[feed::ALL, overrides::ALL, swap::ALL];
