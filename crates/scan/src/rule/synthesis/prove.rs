//! Makes a generated secret keep its rule's proof.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use serde_json::json;

use super::Random;
use crate::rule::proof::{Proof, base36, base58_digits, base58_encode, base62, crc16, crc32c, double_digest, hex, with_checksum};

const WORD: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// Returns `secret` with what the proof asks for put in place.
pub(super) fn prove(proof: &Proof, secret: Vec<u8>, random: &mut Random) -> Vec<u8> {
    match proof {
        Proof::Crc32Base62 { skip, digits } => {
            let at = secret.len() - digits;
            [&secret[..at], &base62(crc32fast::hash(&secret[*skip..at]), *digits)].concat()
        }
        Proof::Crc32Hex { skip, gap, low_first } => {
            let at = secret.len() - 8;
            let sum = hex(crc32fast::hash(&secret[*skip..at - gap]), *low_first);
            let upper = secret[at..].iter().any(u8::is_ascii_uppercase) || !secret[..at].iter().any(u8::is_ascii_lowercase);
            let sum = if upper || secret.starts_with(b"AT") { sum.to_uppercase() } else { sum };
            [&secret[..at], sum.as_bytes()].concat()
        }
        Proof::Crc32cBase58 => {
            let body = &secret[..secret.len() - 6];
            [body, &base58_digits(crc32c(body))].concat()
        }
        Proof::GitlabRoutable => routable(secret),
        Proof::Jwt => jwt(random),
        Proof::Macaroon { skip, location } => {
            [&secret[..*skip], URL_SAFE_NO_PAD.encode(macaroon(location, random)).as_bytes()].concat()
        }
        Proof::FlyMacaroon => {
            let start = secret.iter().position(|byte| *byte == b'_').expect("the prefix ends in `_`") + 1;
            [&secret[..start], STANDARD.encode(fly_macaroon(random)).as_bytes()].concat()
        }
        Proof::Pem => pem(&secret, random),
        Proof::Nkey => nkey(&secret, random),
        Proof::Bech32 => with_checksum(&secret),
        Proof::Base58Check => base58_check(&secret, random),
        Proof::Base64Json { skip, until, keys } => {
            // Written by hand: the order of keys decides the first digits.
            let members: Vec<String> = keys.iter().map(|key| format!("\"{key}\":\"{}\"", random.text(WORD, 24))).collect();
            let text = format!("{{{}}}", members.join(","));
            let tail: Vec<u8> = match until {
                Some(mark) => {
                    let at =
                        secret[*skip..].iter().rposition(|byte| char::from(*byte) == *mark).expect("the pattern has the mark");
                    secret[skip + at..].to_vec()
                }
                None => {
                    let run = secret[*skip..].iter().position(|byte| !byte.is_ascii_alphanumeric() && !b"+/-_=".contains(byte));
                    run.map(|at| secret[skip + at..].to_vec()).unwrap_or_default()
                }
            };
            [&secret[..*skip], STANDARD_NO_PAD.encode(text).as_bytes(), &tail].concat()
        }
        Proof::Base64Prefix { skip, text } => {
            let mut bytes = text.as_bytes().to_vec();
            bytes.extend(random.bytes(secret.len() * 3 / 4));
            let body = URL_SAFE_NO_PAD.encode(bytes).replace(['-', '_'], "a");
            [&secret[..*skip], &body.as_bytes()[..(secret.len() - skip) / 4 * 4]].concat()
        }
        Proof::Base64Digits { skip } => {
            let digits = format!("1{}", random.text(b"0123456789", 17));
            let tail = secret[*skip..].iter().position(|byte| *byte == b'.').map_or(secret.len(), |at| skip + at);
            [&secret[..*skip], STANDARD_NO_PAD.encode(digits).as_bytes(), &secret[tail..]].concat()
        }
        Proof::Base64Length { skip, bytes } => {
            let mut body = random.bytes(bytes[0]);
            if secret.starts_with(b"B") {
                body[0] = 0x04;
            }
            [&secret[..*skip], STANDARD.encode(body).as_bytes()].concat()
        }
        Proof::BasicAuth => {
            STANDARD.encode(format!("deploy:{}", random.text(b"abcdefghkmnpqrstuvwxyzABCDEFGHJK23456789", 17))).into_bytes()
        }
        Proof::AwsKeyId => secret,
    }
}

fn routable(secret: Vec<u8>) -> Vec<u8> {
    let Some(dot) = secret.iter().position(|byte| *byte == b'.') else {
        return secret;
    };
    let dash = secret.iter().position(|byte| *byte == b'-').expect("the prefix ends in a dash") + 1;
    let length = (dot - dash) as u32;
    let mut text = [&secret[..dot], b".01.", &base36(length, 2)].concat();
    text.extend(base36(crc32fast::hash(&text), 7));
    text
}

fn jwt(random: &mut Random) -> Vec<u8> {
    let claims = json!({ "sub": random.text(WORD, 12), "iat": 1_700_000_000 + random.below(90_000_000) });
    let parts = [
        URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#),
        URL_SAFE_NO_PAD.encode(claims.to_string()),
        URL_SAFE_NO_PAD.encode(random.bytes(32)),
    ];
    parts.join(".").into_bytes()
}

/// A macaroon for a user, cut down to one project.
fn macaroon(location: &str, random: &mut Random) -> Vec<u8> {
    let field = |kind: u8, text: &[u8]| [&[kind, text.len() as u8][..], text].concat();
    let caveat = format!("[1, [\"{}\"]]", random.text(WORD, 8));
    [
        vec![2],
        field(1, location.as_bytes()),
        field(2, random.text(b"0123456789abcdef", 36).as_bytes()),
        vec![0],
        field(2, caveat.as_bytes()),
        vec![0, 0],
        field(6, &random.bytes(32)),
    ]
    .concat()
}

/// Nonce, location, one caveat that is an array of two numbers, digest.
fn fly_macaroon(random: &mut Random) -> Vec<u8> {
    let bytes = |bytes: &[u8]| [&[0xc4, bytes.len() as u8][..], bytes].concat();
    [
        vec![0x94, 0x93],
        bytes(&[0, 0, 0, 0, 0, 4, 17, 170]),
        bytes(&random.bytes(16)),
        vec![0xc2, 0xb5],
        b"https://api.fly.io/v1".to_vec(),
        vec![0x92, 4, 0x92, 0xce],
        random.bytes(4),
        vec![31],
        bytes(&random.bytes(32)),
    ]
    .concat()
}

fn pem(secret: &[u8], random: &mut Random) -> Vec<u8> {
    let text = String::from_utf8_lossy(secret);
    let begin = text.find("BEGIN ").expect("the pattern has armour") + 6;
    let label = text[begin..].split("--").next().expect("a split has a first part").trim_end().to_owned();
    let body = if label.contains("OPENSSH") {
        // No passphrase, as most leaked keys: cipher, derivation, its options, one key, and the public half's lengths.
        let head = b"openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none\0\0\0\0\0\0\0\x01\0\0\0\x33\0\0\0\x0bssh-ed25519\0\0\0\x20";
        [head.as_slice(), &random.bytes(200)].concat()
    } else if label.contains("PGP") {
        [&[0x95, 0x03, 0x98][..], &random.bytes(320)].concat()
    } else {
        let inner = random.bytes(350);
        [&[0x30, 0x82, (inner.len() >> 8) as u8, inner.len() as u8][..], &inner].concat()
    };
    let digits = STANDARD.encode(body);
    let lines: Vec<&str> = digits.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("base64 is ASCII")).collect();
    let (open, close) = if label.contains("SSH2") { ("---- ", " ----") } else { ("-----", "-----") };
    let end = if label.contains("SSH2") { "END SSH2".to_owned() } else { format!("END {label}{close}") };
    format!("{open}BEGIN {label}{close}\n{}\n{open}{end}", lines.join("\n")).into_bytes()
}

fn nkey(secret: &[u8], random: &mut Random) -> Vec<u8> {
    const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let first: Vec<u32> =
        secret[..2].iter().map(|byte| DIGITS.iter().position(|digit| digit == byte).expect("base 32") as u32).collect();
    let lead = (first[0] << 11) | (first[1] << 6);
    let mut bytes = vec![(lead >> 8) as u8, lead as u8];
    bytes.extend(random.bytes(32));
    bytes.extend(crc16(&bytes).to_le_bytes());
    let mut digits = Vec::new();
    for group in bytes.chunks(5) {
        let mut held = group.iter().fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte)) << (8 * (5 - group.len()));
        held <<= 24;
        for _ in 0..(group.len() * 8).div_ceil(5) {
            digits.push(DIGITS[(held >> 59) as usize]);
            held <<= 5;
        }
    }
    digits
}

fn base58_check(secret: &[u8], random: &mut Random) -> Vec<u8> {
    let mut body = match secret.first() {
        Some(b'5') => [&[0x80][..], &random.bytes(32)].concat(),
        Some(b'x') => [&[0x04, 0x88, 0xad, 0xe4][..], &random.bytes(74)].concat(),
        Some(b'y') => [&[0x04, 0x9d, 0x78, 0x78][..], &random.bytes(74)].concat(),
        Some(b'z') => [&[0x04, 0xb2, 0x43, 0x0c][..], &random.bytes(74)].concat(),
        Some(b't') => [&[0x04, 0x35, 0x83, 0x94][..], &random.bytes(74)].concat(),
        _ => [&[0x80][..], &random.bytes(32), &[1]].concat(),
    };
    let sum = double_digest(&body);
    body.extend(&sum[..4]);
    base58_encode(&body).into_bytes()
}
