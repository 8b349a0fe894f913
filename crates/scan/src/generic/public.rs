//! Values that a secret's name is given and everybody may read: names of algorithms, rules of validation, ciphertext.

use super::reject;
use crate::rule;

/// Words of which the names of cipher suites and digests are made.
const ALGORITHM_WORDS: &[&str] = &[
    "aes",
    "aes128",
    "aes256",
    "aria",
    "aria128",
    "aria256",
    "camellia",
    "camellia128",
    "camellia256",
    "cast5",
    "cbc",
    "cbc3",
    "ccm",
    "ccm8",
    "chacha20",
    "ctr",
    "des",
    "dhe",
    "dss",
    "ecdh",
    "ecdhe",
    "ecdsa",
    "edh",
    "export",
    "gcm",
    "hmac",
    "md5",
    "null",
    "poly1305",
    "psk",
    "rc2",
    "rc4",
    "rsa",
    "seed",
    "sha",
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "sm3",
    "sm4",
    "srp",
    "tls",
    "with",
    "adh",
    "aecdh",
    "anon",
    "idea",
    "gost",
    "kx",
    "xts",
    "ecb",
    "pkcs5padding",
    "nopadding",
    "pbkdf2",
    "pbe",
    "128",
    "192",
    "256",
    "384",
    "512",
    "8",
    "3des",
    "ede3",
    "ede",
];

/// Words that only rules of validation combine with `|`.
const VALIDATION_WORDS: &[&str] = &[
    "required",
    "nullable",
    "string",
    "confirmed",
    "sometimes",
    "present",
    "filled",
    "bail",
    "integer",
    "alpha_num",
    "min",
    "max",
];

/// Shortest ciphertext of a sealed secret: it begins with the length of an RSA block, and holds one.
const SEALED_BYTES_MIN: usize = 300;

/// `PSK-AES128-GCM-SHA256`: words of cipher suites, two at least.
pub(super) fn is_algorithm(value: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(value) else { return false };
    let lower = text.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(['-', '_', '/', '+']).collect();
    words.len() >= 2 && words.iter().all(|word| ALGORITHM_WORDS.contains(word))
}

/// `required|string|min:8|confirmed`.
pub(super) fn is_validation(lower: &str) -> bool {
    let mut known = false;
    let all = lower.split('|').all(|rule| {
        let word = rule.split(':').next().unwrap_or_default();
        known |= VALIDATION_WORDS.contains(&word);
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    });
    all && known && lower.contains('|')
}

/// Ciphertext that only its own key opens: of a sealed secret of Kubernetes, or in the braces of a Maven password.
pub(super) fn is_encrypted(value: &[u8]) -> bool {
    let is_digits = |text: &[u8]| text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(byte));
    let braced = value.strip_prefix(b"{").and_then(|rest| rest.strip_suffix(b"}"));
    value.starts_with(b"Ag") && value.len() >= SEALED_BYTES_MIN && is_digits(value)
        || braced.is_some_and(|inner| inner.len() >= 20 && inner.len() % 4 == 0 && is_digits(inner))
}

/// Base64 of `changeme` and its like.
pub(super) fn is_encoded_stand_in(value: &[u8]) -> bool {
    if value.len() < 8 || !value.len().is_multiple_of(4) {
        return false;
    }
    rule::decode_base64(value)
        .filter(|plain| rule::looks_like_text(plain))
        .is_some_and(|plain| reject::reject_password(plain.trim_ascii(), b"").is_some())
}
