//! The two databases: the only place that asks which one it is.

mod bind;
mod check;
mod engine;
mod errors;
mod hints;
mod link;
mod pool;
mod row;
mod words;

pub(crate) use engine::Engine;
pub(crate) use link::Link;
pub(crate) use pool::Pool;
pub(crate) use row::Row;

#[cfg(test)]
pub(crate) use errors::{classify_postgres, classify_sqlite};
