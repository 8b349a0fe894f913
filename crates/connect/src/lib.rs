//! Everything that speaks to the outside: sources, clients, the one egress client.

pub mod clients;
pub mod egress;
