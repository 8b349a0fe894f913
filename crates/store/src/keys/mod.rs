//! Keys: one key-encryption key in a file outside of the database, one data key for each incident and one for the
//! installation, wrapped by it in the table `data_key`.
//!
//! Deleting an incident's data key erases everything that was sealed under it.

mod file;
mod ring;
mod rotate;
mod seal;

pub(crate) use file::open as read_key;
pub(crate) use ring::Keyring;
pub use ring::erase_incident;
pub use rotate::rotate;
pub(crate) use seal::Place;

#[cfg(test)]
pub(crate) use ring::ALL as STATEMENTS;
