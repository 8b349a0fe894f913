//! Clients of other services' APIs, each through the egress client.

pub mod oidc;
pub mod passkeys;
pub mod secret_check;
pub mod watchfire;
