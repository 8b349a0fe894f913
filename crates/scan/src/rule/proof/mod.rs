//! Proofs: what a format lets anybody verify offline.

mod aws;
mod base;
mod base58;
mod bech32;
mod crc;
mod gitlab;
mod jwt;
mod kind;
mod macaroon;
mod nkey;
mod pem;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use base::{decode_base64, looks_like_text};
#[cfg(test)]
pub(crate) use base58::{double_digest, encode as base58_encode};
#[cfg(test)]
pub(crate) use bech32::with_checksum;
#[cfg(test)]
pub(crate) use crc::{base58_digits, base62, crc32c, hex};
#[cfg(test)]
pub(crate) use gitlab::base36;
pub use kind::{Proof, Verdict};
#[cfg(test)]
pub(crate) use nkey::crc16;
