//! Proofs against values that others have published.

use super::{Proof, Verdict, bech32, nkey};

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
    let proof = Proof::Crc32Hex { skip: 0, gap: 1 };
    assert_eq!(verdict(&proof, "123456789_cbf43926"), Verdict::Holds);
    assert_eq!(verdict(&proof, "123456789_CBF43926"), Verdict::Holds);
    assert_eq!(verdict(&proof, "123456788_cbf43926"), Verdict::Broken);
}

#[test]
fn short_values_break_every_proof_without_a_panic() {
    let proofs = [
        Proof::Crc32Base62 { skip: 4, digits: 6 },
        Proof::Crc32Hex { skip: 4, gap: 1 },
        Proof::GitlabRoutable,
        Proof::Jwt,
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
