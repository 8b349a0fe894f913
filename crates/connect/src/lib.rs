//! Everything that speaks to the outside: sources, clients, the one egress client.
//!
//! It does not know what becomes of an alert: it reads what others send and says how far it can be believed.

pub mod channels;
pub mod clients;
pub mod egress;
pub mod fuzzing;
mod payload;
pub mod signature;
pub mod sources;
