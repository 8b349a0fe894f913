use super::*;
use crate::generic::{FileContext, FileKind};
use crate::rule::RuleSet;
use proptest::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;

const ANY: FileContext<'static> = FileContext { path: b"", kind: FileKind::Unknown };

fn scanner() -> &'static Scanner {
    static SCANNER: std::sync::LazyLock<Scanner> = std::sync::LazyLock::new(|| Scanner::new(RuleSet::builtin(), 2, None));
    &SCANNER
}

/// Pieces that make and break windows: keys, halves of keys, keywords, long runs, line ends.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(b"ghp_".to_vec()),
        Just(b"AKIAQYLPMN5HHHFPZAM2".to_vec()),
        Just(b"\nexport PASSWORD=\"tr0ub4dor&3-Zx9\"\n".to_vec()),
        Just(b"api_token: 9fK2mPq7XvB4sLw8Zc1N\n".to_vec()),
        Just(b"Z2hwXzAxMjM0NTY3ODlhYmNkZWZnaGlqQUJDREVGR0hJSkFC".to_vec()),
        Just(b"postgres%3A%2F%2Fapp%3Ahunter2xQ%40db".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"://user:".to_vec()),
        "[a-zA-Z0-9]{1,40}".prop_map(String::into_bytes),
        "[ -~\n]{0,80}".prop_map(String::into_bytes),
        (100_usize..900).prop_map(|len| b"lorem ipsum ".repeat(len / 12)),
    ]
}

/// A base, and edits as (where, how much goes, what comes).
fn edited() -> impl Strategy<Value = (Vec<u8>, Vec<(usize, usize, Vec<u8>)>)> {
    let base = prop::collection::vec(piece(), 0..24).prop_map(|pieces| pieces.concat());
    let edits = prop::collection::vec((any::<usize>(), 0_usize..60, piece()), 0..5);
    (base, edits)
}

/// Applies the edits and returns the target with its segments.
fn apply(base: &[u8], edits: &[(usize, usize, Vec<u8>)]) -> (Vec<u8>, Vec<Segment>) {
    let mut cuts: Vec<(usize, usize, &[u8])> =
        edits.iter().map(|(at, gone, new)| (at % (base.len() + 1), *gone, new.as_slice())).collect();
    cuts.sort_by_key(|cut| cut.0);
    let (mut target, mut segments, mut from) = (Vec::new(), Vec::new(), 0);
    let mut push = |target: &mut Vec<u8>, bytes: &[u8], source: Option<u32>| {
        if !bytes.is_empty() {
            let start = target.len() as u32;
            target.extend_from_slice(bytes);
            segments.push(Segment { start, end: target.len() as u32, source });
        }
    };
    for (at, gone, new) in cuts {
        if at < from {
            continue;
        }
        push(&mut target, &base[from..at], Some(from as u32));
        push(&mut target, new, None);
        from = (at + gone).min(base.len());
    }
    push(&mut target, &base[from..], Some(from as u32));
    (target, segments)
}

proptest! {
    #![proptest_config(crate::testing::cases(256))]

    #[test]
    fn a_delta_inherits_exactly_what_a_full_scan_finds((base, edits) in edited()) {
        let scanner = scanner();
        let base_state = scanner.scan(&base, &ANY, None);
        let (target, list) = apply(&base, &edits);
        let segments = Segments { list: &list, base: &base_state, base_len: base.len() as u32, same_file: true };
        let delta = scanner.scan(&target, &ANY, Some(segments));
        prop_assert_eq!(delta, scanner.scan(&target, &ANY, None));
    }
}

#[test]
fn a_stream_in_pieces_finds_what_one_text_holds() {
    let mut text = b"x".repeat(PIECE - 20);
    text.extend_from_slice(b"\n AKIAQYLPMN5HHHFPZAM2 \n");
    text.extend_from_slice(&b"filler line\n".repeat(40_000));
    let reading = scan_stream(scanner(), &mut text.as_slice(), &ANY, u64::MAX, &mut Piece::default()).expect("memory reads");
    let places: Vec<[u32; 4]> = reading.located.iter().map(|one| one.place).collect();
    assert_eq!(places, [[2, 2, 2, 22]]);
    assert_eq!(reading.bytes, text.len() as u64);
}

const PIECE: usize = 16 * 1024 * 1024;

#[test]
fn a_stream_beyond_its_limit_says_so() {
    let text = b"short line\n".repeat(100);
    let reading = scan_stream(scanner(), &mut text.as_slice(), &ANY, 100, &mut Piece::default()).expect("memory reads");
    assert!(!reading.incomplete.is_empty());
}

#[test]
fn a_flood_of_keywords_costs_no_more_than_its_length() {
    let mut text = b"-----BEGIN RSA PRIVATE KEY-----\n".repeat(2_000);
    text.extend_from_slice(&b"AKIA".repeat(10_000));
    text.extend_from_slice(&b"\n".repeat(2_000));
    text.extend_from_slice(b"id AKIAQYLPMN5HHHFPZAM2\n");
    let state = scanner().scan(&text, &ANY, None);
    assert!(state.results.iter().any(|(_, found)| &*found.body.value == b"AKIAQYLPMN5HHHFPZAM2"));
    let mut units = Vec::new();
    unit::rule_units(&text, &state.hits, &scanner().gate, scanner().rules, &mut units);
    assert!(units.len() < state.hits.len() / 4, "{} units of {} hits", units.len(), state.hits.len());
}

#[test]
fn many_values_are_chosen_between_in_little_time() {
    let text: Vec<u8> = (0..3_000).flat_map(|number| format!("AKIAQYLPMN5HHHFPZAM2 {number}\n").into_bytes()).collect();
    let state = scanner().scan(&text, &ANY, None);
    let located = scanner().locate(&text, &state, b"", &mut Vec::new());
    assert_eq!(select(located).len(), 3_000);
}

#[test]
fn one_password_on_every_line_is_judged_once_in_each_window() {
    let text = b"password=S3kLq82mX\n".repeat(5_000);
    let state = scanner().scan(&text, &ANY, None);
    let judged: HashSet<_> = state.results.iter().map(|(_, found)| Arc::as_ptr(&found.body.reasons)).collect();
    assert!(judged.len() <= state.clusters.len() && state.clusters.len() <= text.len() / 4_096 + 1);
    let located = scanner().locate(&text, &state, b"", &mut Vec::new());
    assert!(located.len() < 5_000 * 3 / 2, "{} places before the choice", located.len());
    assert_eq!(select(located).len(), 5_000);
}
