//! Proofs against values that others have published.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};

use super::{Proof, Verdict, bech32, crc::crc32c, nkey};

/// Values are broken by `+` so that the file holds no token.
fn verdict(proof: &Proof, value: &str) -> Verdict {
    let value = value.replace('+', "");
    proof.verdict(value.as_bytes(), value.as_bytes())
}

#[test]
fn crc32_in_base_62_agrees_with_a_published_token() {
    let proof = Proof::Crc32Base62 { skip: 4, digits: 6 };
    assert_eq!(verdict(&proof, "ghp_zQWBuTSOoRi4A9s+pHcVY5ncnsDkxkJ0mLq17"), Verdict::Holds);
    assert_eq!(verdict(&proof, "ghp_zQWBuTSOoRi4A9s+pHcVY5ncnsDkxkJ0mLq18"), Verdict::Broken);
}

#[test]
fn crc32_in_hex_low_byte_first_agrees_with_a_published_token() {
    let proof = Proof::Crc32Hex { skip: 0, gap: 1, low_first: true };
    assert_eq!(verdict(&proof, "glsa_yscW25imSKJIu+av8zF37RZmnbiDvB05G_fcaaf58a"), Verdict::Holds);
    assert_eq!(verdict(&proof, "glsa_yscW25imSKJIu+av8zF37RZmnbiDvB05G_8af5aafc"), Verdict::Broken);
}

#[test]
fn bech32_agrees_with_bip_173() {
    assert_eq!(bech32::verdict(b"A12UEL5L"), Verdict::Holds);
    assert_eq!(bech32::verdict(b"abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"), Verdict::Holds);
    assert_eq!(bech32::verdict(b"A12UEL5Q"), Verdict::Broken);
}

#[test]
fn base58_check_agrees_with_a_published_key() {
    assert_eq!(verdict(&Proof::Base58Check, "5HueCGU8rMjxEXxiPuD5BDk+u4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"), Verdict::Holds);
    assert_eq!(verdict(&Proof::Base58Check, "5HueCGU8rMjxEXxiPuD5BDk+u4MkFqeZyd4dZ1jvhTVqvbTLvyTK"), Verdict::Broken);
}

#[test]
fn crc16_is_xmodem() {
    assert_eq!(nkey::crc16(b"123456789"), 0x31c3);
}

#[test]
fn jwt_needs_header_claims_and_a_fitting_signature() {
    let head = "eyJhbGciOiJIUzI1NiIsInR5cCI6+IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0";
    assert_eq!(verdict(&Proof::Jwt, &format!("{head}.SflKxwRJSMeKKF2QT4fw+pMeJf36POk6yJV_adQssw5c")), Verdict::Holds);
    assert_eq!(verdict(&Proof::Jwt, &format!("{head}.SflKxwRJSMeKKF2QT4fw")), Verdict::Broken);
    assert_eq!(verdict(&Proof::Jwt, "abc.def.ghi"), Verdict::Broken);
}

#[test]
fn crc32_in_hex_covers_what_stands_before_it() {
    // CRC-32 of `123456789` is cbf43926, the check value of the algorithm.
    let proof = Proof::Crc32Hex { skip: 0, gap: 1, low_first: false };
    assert_eq!(verdict(&proof, "123456789_cbf43926"), Verdict::Holds);
    assert_eq!(verdict(&proof, "123456789_CBF43926"), Verdict::Holds);
    assert_eq!(verdict(&proof, "123456788_cbf43926"), Verdict::Broken);
}

#[test]
fn crc32c_in_base_58_agrees_with_a_published_vector() {
    // The check value of the algorithm (RFC 3720 has no shorter one).
    assert_eq!(crc32c(b"123456789"), 0xe306_9283);
    let vector = "unkey_111thX6L+unkeyv1ZfHDZZKUs92febYZh+YRcXddmzfzF2NvTkPNE18n8B8";
    assert_eq!(verdict(&Proof::Crc32cBase58, vector), Verdict::Holds);
    assert_eq!(verdict(&Proof::Crc32cBase58, &vector.replace("111", "112")), Verdict::Broken);
}

/// The text of <https://github.com/rescrv/libmacaroons/blob/master/doc/format.txt>, filled in.
fn pypi(location: &str, signature: &[u8]) -> Vec<u8> {
    let head = [b"\x02\x01\x08", location.as_bytes(), b"\x02\x04user\x00\x02\x03all\x00\x00\x06"].concat();
    let bytes = [&head, &[signature.len() as u8][..], signature].concat();
    format!("pypi-{}", URL_SAFE_NO_PAD.encode(bytes)).into_bytes()
}

#[test]
fn a_macaroon_is_read_to_its_end() {
    let proof = Proof::Macaroon { skip: 5, location: "pypi.org".to_owned() };
    let judge = |token: &[u8]| proof.verdict(token, token);
    // From the tests of <https://github.com/ewjoachim/pypitoken>.
    let published = "pre-AgELZXhhbXBsZS5jb20CBjEyM2Zv+bwAABiCK4TytWvy17_Up7TvhdVDhFx8cjU_ne_6wtOqxPUZmxw";
    let elsewhere = Proof::Macaroon { skip: 4, location: "example.com".to_owned() };
    assert_eq!(verdict(&elsewhere, published), Verdict::Holds);
    assert_eq!(verdict(&proof, published), Verdict::Broken);
    let whole = pypi("pypi.org", &[7; 32]);
    assert_eq!(judge(&whole), Verdict::Holds);
    assert_eq!(judge(&pypi("pypi.com", &[7; 32])), Verdict::Broken);
    assert_eq!(judge(&pypi("pypi.org", &[7; 31])), Verdict::Broken);
    assert_eq!(judge(&whole[..whole.len() - 1]), Verdict::Broken);
    assert_eq!(judge(&[&whole, &b"AAAA"[..]].concat()), Verdict::Broken);
}

#[test]
fn a_macaroon_of_fly_is_read_from_both_ends() {
    let judge = |bytes: &[u8]| {
        let token = format!("FlyV1 fm2_{}", STANDARD.encode(bytes));
        Proof::FlyMacaroon.verdict(token.as_bytes(), token.as_bytes())
    };
    let nonce = [&b"\x94\x93\xc4\x01k\xc4\x10"[..], &[5; 16], b"\xc2"].concat();
    let tail = [&b"\xa6fly.io\x90\xc4\x20"[..], &[9; 32]].concat();
    let whole = [nonce.as_slice(), &tail].concat();
    assert_eq!(judge(&whole), Verdict::Holds);
    assert_eq!(judge(&[b"\x94\x92\xc4\x01k\xc4\x10", &[5; 16][..], &tail].concat()), Verdict::Holds);
    // The start alone is not proof enough, and no proof of damage either: other servers end a token in other ways.
    assert_eq!(judge(&whole[..whole.len() - 1]), Verdict::Silent);
    assert_eq!(judge(&whole[1..]), Verdict::Broken);
}

#[test]
fn short_values_break_every_proof_without_a_panic() {
    let proofs = [
        Proof::Crc32Base62 { skip: 4, digits: 6 },
        Proof::Crc32Hex { skip: 4, gap: 1, low_first: false },
        Proof::Crc32cBase58,
        Proof::GitlabRoutable,
        Proof::Jwt,
        Proof::Macaroon { skip: 5, location: "pypi.org".to_owned() },
        Proof::FlyMacaroon,
        Proof::Pem,
        Proof::AwsKeyId,
        Proof::Nkey,
        Proof::Bech32,
        Proof::Base58Check,
        Proof::Base64Json { skip: 9, until: None, keys: Vec::new() },
        Proof::Base64Prefix { skip: 9, text: "a".to_owned() },
        Proof::Base64Digits { skip: 9 },
        Proof::Base64Length { skip: 9, bytes: vec![3] },
        Proof::BasicAuth,
    ];
    for proof in &proofs {
        for value in [&b""[..], b"a", b".", b"AKIA", b"-----BEGIN ", b"\xff\xfe\x00", b"1"] {
            assert_ne!(proof.verdict(value, value), Verdict::Holds, "{proof:?} of {value:?}");
        }
    }
}

#[test]
fn an_openssh_key_without_passphrase_holds_although_its_head_is_a_run_of_one_letter() {
    let body = "NQaUGByoLk+wW1hPZ0Xr/7cTq3mJ9sVdEb5uYxKf2RzgCnHt8QvLpMjAoIw4S6eD";
    let turned: String = body.chars().rev().collect();
    let key = format!(
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n{body}\n{turned}\n{body}\n-----END OPENSSH PRIVATE KEY-----"
    );
    assert_eq!(Proof::Pem.verdict(key.as_bytes(), b""), Verdict::Holds);
    let blank = key.replace(body, &"x".repeat(64)).replace(&turned, &"x".repeat(64));
    assert_eq!(Proof::Pem.verdict(blank.as_bytes(), b""), Verdict::Broken);
}
