//! `cargo xtask test`: everything, on both databases, closing with one line of figures.

mod run;
mod tally;

pub(crate) use run::run;
