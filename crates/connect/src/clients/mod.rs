//! Clients of other services' APIs, each through the egress client.

pub mod secret_check;
pub mod watchfire;
