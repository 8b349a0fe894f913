//! Backups: one form of archive for both databases, made while the store is in use.
//!
//! An archive is a directory: `watchfire.db` (a SQLite database with every row as it stood at one moment), `blobs/` and
//! `manifest.json` with the SHA-256 of each file. It never holds the key-encryption key: without the key file, which is
//! kept apart, nothing that is sealed can be read from it.

mod copy;
mod create;
mod files;
mod manifest;
mod restore;
mod tables;
mod verify;

pub use create::{create, create_beside};
pub use manifest::Manifest;
pub use restore::restore;
pub use verify::{Report, verify};

#[cfg(test)]
pub(crate) use tables::TABLES;
