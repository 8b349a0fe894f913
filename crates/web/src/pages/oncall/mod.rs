//! On call: the board, hand-overs, overrides and swaps.

pub(crate) mod acts;
pub(crate) mod board;
pub(crate) mod feeds;
pub(crate) mod room;
pub(crate) mod span;

#[cfg(test)]
mod tests;
