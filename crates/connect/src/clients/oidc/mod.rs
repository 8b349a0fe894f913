//! A relying party of OpenID Connect: authorization code with PKCE, through the one egress client.
//!
//! What a provider says is believed only as far as its signature, its issuer, its audience and our nonce reach. Nothing
//! here knows people or roles: it returns [`Claims`].

mod claims;
mod client;
mod error;
mod keys;
mod provider;
mod settings;
mod token;

#[cfg(test)]
mod tests;

pub use claims::Claims;
pub use client::{Callback, Client, Flow};
pub use error::OidcError;
pub use settings::Settings;
