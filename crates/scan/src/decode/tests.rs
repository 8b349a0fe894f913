use super::*;

fn only(run: &[u8]) -> Option<(&'static str, String)> {
    let [(name, text)] = decode(run).try_into().ok()?;
    Some((name, String::from_utf8(text).ok()?))
}

#[test]
fn base64_of_a_text_is_decoded_with_and_without_padding() {
    let plain = Some(("base64", "password = correct horse battery".to_owned()));
    assert_eq!(only(b"cGFzc3dvcmQgPSBjb3JyZWN0IGhvcnNlIGJhdHRlcnk="), plain);
    assert_eq!(only(b"cGFzc3dvcmQgPSBjb3JyZWN0IGhvcnNlIGJhdHRlcnk"), plain);
}

#[test]
fn the_url_alphabet_is_told_from_the_standard_one() {
    assert_eq!(only(b"dG9rZW46IDw8Pz8_Pj4-PD8_Pz4gZW5kIG9mIGl0").map(|found| found.0), Some("base64url"));
    assert_eq!(only(b"dG9rZW46IDw8Pz8_Pj4+PD8/Pz4gZW5kIG9mIGl0"), None);
}

#[test]
fn hex_of_a_text_is_decoded_and_a_hash_is_not() {
    assert_eq!(only(b"6170695f6b65793d68756e746572323232").map(|found| found.1), Some("api_key=hunter222".into()));
    assert_eq!(only(b"2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"), None);
}

#[test]
fn escapes_are_undone() {
    assert_eq!(only(b"postgres%3A%2F%2Fapp%3Apw%40db"), Some(("percent", "postgres://app:pw@db".into())));
    assert_eq!(only(br"\u0070\u0077\x3dab"), Some(("unicode-escape", "pw=ab".into())));
    assert_eq!(only(b"100%"), None);
}

#[test]
fn utf16_is_recognised_in_both_orders_and_without_a_mark() {
    let text = "password=\"correct horse\"\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    assert_eq!(decode_utf16(&little), text.as_bytes());
    assert_eq!(decode_utf16(&big), text.as_bytes());
    assert!(decode_utf16(b"plain text, plainly").is_empty());
}
