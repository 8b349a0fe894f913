//! All SQL and blobs: SQLite and PostgreSQL behind one code path, the record, the keys.
//!
//! Reads take a [`Conn`] from [`Store::read`]; writes are operations handed to [`Store::write`], which folds those that
//! wait into one transaction and answers each after the commit. Change, entries and outbox rows of one operation are one
//! transaction. No rule of the domain lives here.

pub mod alert;
mod answers;
mod args;
pub mod backup;
mod blob;
pub mod certificate;
pub mod channel;
pub mod chat;
mod checkpoint;
mod conn;
mod cursor;
mod db;
pub mod doctor;
pub mod document;
pub mod entry;
mod error;
pub mod event;
pub mod grant;
pub mod grouping;
pub mod idempotency;
pub mod incident;
pub mod keys;
pub mod link;
mod lock;
pub mod membership;
mod migrate;
pub mod oncall;
pub mod outbox;
pub mod paging;
pub mod person;
pub mod plan;
mod random;
pub mod report;
pub mod resolution;
pub mod responsibility;
mod scoped;
pub mod session;
pub mod setting;
mod settings;
pub mod sign_in;
pub mod silence;
pub mod source;
pub mod spans;
mod statements;
mod store;
pub mod tally;
pub mod task;
pub mod timer;
pub mod token;
mod tx;
pub mod update;
mod writer;

pub use conn::Conn;
pub use cursor::{Cursor, Page};
pub use error::Error;
pub use settings::Settings;
pub use store::{Health, Store};
pub use tx::{Tx, Work};
pub use writer::Progress;

#[cfg(test)]
mod tests;
