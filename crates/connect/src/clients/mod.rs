//! Clients of other services' APIs, each through the egress client.

pub mod watchfire;
