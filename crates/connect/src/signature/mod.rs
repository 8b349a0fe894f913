//! Proofs that a delivery comes from who it says: HMACs, tokens and certificates, compared in constant time.

mod certificate;
mod der;
mod hmac;
pub mod standard_webhooks;
mod token;

pub(crate) use certificate::{Certificate, Digest};
pub(crate) use hmac::{hex_signature_matches, mac_matches};
pub(crate) use token::{matches_any, token, unauthorized};
