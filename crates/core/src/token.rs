//! Tokens that scanners can recognise: prefix, random part, checksum.

use sha2::{Digest, Sha256};

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Characters of the random part: 43 of 62 letters hold 256 bits.
const RANDOM_CHARS: usize = 43;
/// Characters of the checksum: CRC-32 in base 62.
const CHECK_CHARS: usize = 6;

/// What a token is for; each has its own prefix.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenKind {
    /// A personal access token.
    Personal,
    /// A service's token.
    Service,
    /// The key in a source's address.
    SourceKey,
    /// A source's shared secret.
    SourceSecret,
    /// A one-time sign-in link.
    SignIn,
    /// A browser session.
    Session,
    /// A one-time code that links a chat account.
    ChatCode,
    /// The address of a calendar feed.
    Feed,
    /// A link that acknowledges a page.
    Acknowledge,
}

impl TokenKind {
    /// Returns the prefix.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Personal => "wfp_",
            Self::Service => "wft_",
            Self::SourceKey => "wfk_",
            Self::SourceSecret => "wfs_",
            Self::SignIn => "wfl_",
            Self::Session => "wfc_",
            Self::ChatCode => "wfh_",
            Self::Feed => "wff_",
            Self::Acknowledge => "wfa_",
        }
    }
}

/// Writes a token from 32 random bytes: prefix, 43 letters and the checksum over both.
pub fn write(kind: TokenKind, random: [u8; 32]) -> String {
    let mut token = format!("{}{}", kind.prefix(), base62(&random, RANDOM_CHARS));
    token.push_str(&checksum(&token));
    token
}

/// Tells whether a text has the form and the checksum of a token of this kind; says nothing of its validity.
pub fn is_well_formed(kind: TokenKind, token: &str) -> bool {
    let length = kind.prefix().len() + RANDOM_CHARS + CHECK_CHARS;
    token.len() == length
        && token.is_ascii()
        && token.starts_with(kind.prefix())
        && token.split_at_checked(length - CHECK_CHARS).is_some_and(|(body, check)| checksum(body) == check)
}

/// Returns what is stored of a token: its SHA-256. The look-up index sees nothing else.
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn checksum(text: &str) -> String {
    base62(&crc32(text.as_bytes()).to_be_bytes(), CHECK_CHARS)
}

/// Writes a big-endian number in base 62 with exactly `chars` digits.
fn base62(number: &[u8], chars: usize) -> String {
    let mut digits = number.to_vec();
    let mut out = vec![b'0'; chars];
    for slot in out.iter_mut().rev() {
        let mut rest = 0_u32;
        for digit in &mut digits {
            let value = rest * 256 + u32::from(*digit);
            *digit = (value / 62) as u8;
            rest = value % 62;
        }
        *slot = BASE62[rest as usize];
    }
    out.into_iter().map(char::from).collect()
}

/// CRC-32 (IEEE 802.3), bit by bit: a token is 50 bytes, a table would be more code than gain.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}
