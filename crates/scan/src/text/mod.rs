//! The scanner of one text: hits of the first gate become units, units are evaluated or inherited.
//!
//! A *unit* is the smallest piece of work: a rule in the window around a keyword, the generic scanner over a cluster of
//! lines, a decoder over an encoded run. Its result is a pure function of the bytes of its window, one byte on either side,
//! and whether the window touches an end of the text. That is why a text which is stored as a delta may inherit the results
//! of its base wherever a window was copied whole, and still report exactly what a scan of all its bytes would.

mod evaluate;
mod found;
mod inherit;
mod locate;
mod position;
mod run;
mod scanner;
mod select;
mod stream;
mod unit;

pub(crate) use found::{Body, Origin};
pub(crate) use inherit::{Segment, Segments};
pub(crate) use locate::Located;
pub(crate) use scanner::{Class, Scanner, TextState};
pub(crate) use select::select;
pub(crate) use stream::{Piece, scan_stream};

#[cfg(test)]
mod tests;
