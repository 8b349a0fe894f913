//! The one door through which fuzzers and smoke tests reach decoders and parsers.

use crate::archive::{Limits, Opener};
use crate::command::Baseline;
use crate::decode;
use crate::generic::{FileContext, FileKind};
use crate::git;
use crate::rule::RuleSet;
use crate::text::Scanner;
use std::sync::LazyLock;

/// Everything that [`exercise`] knows.
pub const KINDS: [&str; 10] = ["archive", "baseline", "decode", "delta", "gitleaks", "proof", "push", "rules", "text", "tree"];

/// Runs the decoder or parser `kind` on arbitrary bytes; an unknown kind does nothing.
///
/// # Panics
/// It panics, hands out more than its limits allow, or a scan of a delta differs from a scan of all bytes.
pub fn exercise(kind: &str, input: &[u8]) {
    match kind {
        "archive" => archive(input),
        "baseline" => {
            let _ = Baseline::parse(&String::from_utf8_lossy(input));
        }
        "decode" => {
            for (_, text) in decode::decode(input) {
                assert!(text.len() <= input.len(), "a decoder grew its input");
            }
            assert!(decode::decode_utf16(input).len() <= input.len() * 2, "UTF-8 needs at most three bytes for two");
        }
        "delta" => git::exercise_delta(input, scanner()),
        "gitleaks" => {
            let _ = RuleSet::import_gitleaks(&String::from_utf8_lossy(input));
        }
        "proof" => {
            // Every proof of the rules that ship reads what it is given as its own format.
            for rule in RuleSet::builtin().rules() {
                let _ = RuleSet::builtin().validate(rule, input, input);
            }
        }
        "push" => git::exercise_push(input),
        "rules" => {
            let _ = RuleSet::from_yaml("fuzz.yaml", &String::from_utf8_lossy(input));
        }
        "text" => {
            let (path, text) = split(input);
            let file = FileContext { path, kind: FileKind::of_path(path) };
            let state = scanner().scan(text, &file, None);
            for one in scanner().locate(text, &state, b"", &mut Vec::new()) {
                assert!(one.start <= one.end, "a value ends before it starts");
            }
        }
        "tree" => git::exercise_tree(input),
        _ => {}
    }
}

/// A path up to the first line feed, and a text.
fn split(input: &[u8]) -> (&[u8], &[u8]) {
    let at = memchr::memchr(b'\n', input).unwrap_or(0);
    input.split_at(at)
}

fn archive(input: &[u8]) {
    let limits = Limits { bytes: 1 << 20, entries: 100, ..Limits::default() };
    let mut opener = Opener::new(limits);
    let (mut bytes, mut files) = (0, 0);
    opener.open(input, &mut |_, content| {
        bytes += content.len() as u64;
        files += 1;
    });
    assert!(files <= limits.entries.max(1), "more files than the limit");
    assert!(bytes <= (input.len() as u64).max(limits.bytes) * 2, "more bytes than the limit");
}

fn scanner() -> &'static Scanner {
    static SCANNER: LazyLock<Scanner> =
        LazyLock::new(|| Scanner::new(RuleSet::builtin(), 2, Some(Limits { bytes: 1 << 20, ..Limits::default() })));
    &SCANNER
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Bytes that reach beyond the first check: magics, sizes, pieces of formats.
    fn input() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            Just(b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec()),
            Just(b"PK\x03\x04\x14\0\0\0\x08\0".to_vec()),
            Just(b"PK\x01\x02".to_vec()),
            Just(b"PK\x05\x06\0\0\0\0\x01\0\x01\0".to_vec()),
            Just(b"100644 name\0".to_vec()),
            Just(b"\xff\xfep\0w\0".to_vec()),
            Just(b"%41%42\\u0043".to_vec()),
            Just(b"password = \"x9Kq2Lm7Zr4T\"\n".to_vec()),
            Just(b"service: a\nrules:\n- id: a\n  title: a\n  pattern: 'x{9}'\n  keywords: [xxx]\n".to_vec()),
            Just(b"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.".to_vec()),
            Just(b"-----BEGIN RSA PRIVATE KEY-----\nMIIB\n".to_vec()),
            Just(b"0000000000000000000000000000000000000000 0123456789012345678901234567890123456789 refs/heads/a\n".to_vec()),
            Just(b"[[rules]]\nid = \"a\"\nregex = '''x{9}'''\n".to_vec()),
            prop::collection::vec(any::<u8>(), 0..64),
            "[ -~\n]{0,64}".prop_map(String::into_bytes),
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(crate::testing::cases(64))]

        #[test]
        fn no_input_breaks_a_decoder_or_parser(input in input()) {
            for kind in KINDS {
                exercise(kind, &input);
            }
        }
    }
}
