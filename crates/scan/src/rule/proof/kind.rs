//! The kinds of proof that a rule file may name.

use serde::{Deserialize, Serialize};

use super::{aws, base58, bech32, crc, gitlab, jwt, macaroon, nkey, pem, text};

/// What a proof says about a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Only the vendor's generator, or great luck, makes such a value.
    Holds,
    /// The value cannot be of this format.
    Broken,
    /// The value is of a generation of the format that carries no proof.
    Silent,
}

/// A checksum or structure that a value must have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", deny_unknown_fields)]
pub enum Proof {
    /// The last `digits` bytes are the CRC-32 in base 62 (`0-9A-Za-z`) of what stands after the first `skip` bytes.
    Crc32Base62 {
        skip: usize,
        #[serde(default = "six")]
        digits: usize,
    },
    /// The last eight bytes are the CRC-32 in hex of what stands before them, less `gap` bytes; `low_first` says that its
    /// low byte comes first.
    Crc32Hex {
        #[serde(default)]
        skip: usize,
        #[serde(default)]
        gap: usize,
        #[serde(default)]
        low_first: bool,
    },
    /// The last six bytes are the CRC-32C in base 58 of what stands before them.
    Crc32cBase58,
    /// GitLab's routable tokens: payload length and CRC-32 in base 36.
    GitlabRoutable,
    /// Header and claims of a JSON web token.
    Jwt,
    /// After `skip` bytes base64 of a macaroon for this location.
    Macaroon { skip: usize, location: String },
    /// A macaroon of Fly.io after the first `_`.
    FlyMacaroon,
    /// PEM armour around DER, OpenSSH or OpenPGP data of the announced length.
    Pem,
    /// Base 32 with an account number in it (access key ids made since 2019).
    AwsKeyId,
    /// NATS: base 32 of prefix byte, key and CRC-16.
    Nkey,
    /// Bech32 with its six-digit checksum.
    Bech32,
    /// Base 58 with four bytes of double SHA-256.
    Base58Check,
    /// After `skip` bytes base64 of JSON, up to `until` or the next byte outside the alphabet, with these keys.
    Base64Json {
        skip: usize,
        #[serde(default)]
        until: Option<char>,
        #[serde(default)]
        keys: Vec<String>,
    },
    /// After `skip` bytes base64 whose first decoded bytes are this text.
    Base64Prefix { skip: usize, text: String },
    /// After `skip` bytes base64 of decimal digits, up to the next byte outside the alphabet.
    Base64Digits { skip: usize },
    /// After `skip` bytes base64 of exactly one of these byte counts.
    Base64Length { skip: usize, bytes: Vec<usize> },
    /// Base64 of printable `user:password`.
    BasicAuth,
}

impl Proof {
    /// Returns what the proof says about `secret`, found in the match `whole`.
    pub fn verdict(&self, secret: &[u8], _whole: &[u8]) -> Verdict {
        match self {
            Self::Crc32Base62 { skip, digits } => crc::base62_tail(secret, *skip, *digits),
            Self::Crc32Hex { skip, gap, low_first } => crc::hex_tail(secret, *skip, *gap, *low_first),
            Self::Crc32cBase58 => crc::base58_tail(secret),
            Self::GitlabRoutable => gitlab::routable(secret),
            Self::Jwt => jwt::verdict(secret),
            Self::Macaroon { skip, location } => macaroon::binary(secret, *skip, location),
            Self::FlyMacaroon => macaroon::fly(secret),
            Self::Pem => pem::verdict(secret),
            Self::AwsKeyId => aws::key_id(secret),
            Self::Nkey => nkey::verdict(secret),
            Self::Bech32 => bech32::verdict(secret),
            Self::Base58Check => base58::verdict(secret),
            Self::Base64Json { skip, until, keys } => text::json(secret, *skip, *until, keys),
            Self::Base64Prefix { skip, text } => text::prefix(secret, *skip, text.as_bytes()),
            Self::Base64Digits { skip } => text::digits(secret, *skip),
            Self::Base64Length { skip, bytes } => text::length(secret, *skip, bytes),
            Self::BasicAuth => text::basic_auth(secret),
        }
    }
}

impl Proof {
    /// Returns whether the proof reads the value's contents, rather than a checksum over opaque text.
    pub(crate) fn is_structure(&self) -> bool {
        matches!(
            self,
            Self::Pem | Self::Jwt | Self::Macaroon { .. } | Self::FlyMacaroon | Self::Base64Json { .. } | Self::BasicAuth
        )
    }
}

fn six() -> usize {
    6
}
