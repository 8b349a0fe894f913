use crate::command::{Mode, Options, Outcome, run};
use crate::finding::Finding;
use crate::fingerprint::Key;
use crate::report::Format;
use crate::rule::RuleSet;
use crate::testing::{KEYS, git, repository};
use proptest::prelude::*;
use std::path::Path;

fn options(dir: &Path) -> Options {
    Options {
        mode: Mode::History,
        paths: vec![dir.to_owned()],
        format: Format::Jsonl,
        jobs: 2,
        ..Options::new(Key::new([7; 32]))
    }
}

fn scan(options: &Options) -> Outcome {
    run(options, RuleSet::builtin(), &mut &b""[..], &mut Vec::new(), &|_| ()).expect("the scan runs")
}

fn findings(options: &Options) -> Vec<Finding> {
    scan(options).report.findings
}

fn line(text: &str) -> Option<Vec<u8>> {
    Some(format!("first line\nid: {text}\n").into_bytes())
}

#[test]
fn a_value_is_attributed_to_the_commit_that_brought_it_first() {
    let dir = tempfile::tempdir().expect("a folder");
    repository(
        dir.path(),
        &[
            vec![("README", line("nothing"))],
            vec![("deep/er/conf.txt", line(KEYS[0]))],
            vec![("README", line("still nothing")), ("deep/er/conf.txt", line(&format!("{} again", KEYS[0])))],
            vec![("copy.txt", line(KEYS[0])), ("gone.txt", line(KEYS[1]))],
            vec![("gone.txt", None)],
        ],
    );
    for packed in [false, true] {
        if packed {
            git(dir.path(), &["repack", "-adfq"], b"");
        }
        let second = git(dir.path(), &["rev-parse", "main~3"], b"");
        let found = findings(&options(dir.path()));
        assert_eq!(found.len(), 2);
        let kept = found.iter().find(|one| one.places.len() == 2).expect("two places");
        assert_eq!(kept.places[0].path, "copy.txt");
        let place = &kept.places[1];
        assert_eq!(place.path, "deep/er/conf.txt");
        assert_eq!((place.start_line, place.start_column, place.end_column), (2, 5, 25));
        assert_eq!(place.commit.as_deref(), Some(second.as_str()));
        assert_eq!(place.author.as_deref(), Some("Robin Doe"));
        assert_eq!(place.email.as_deref(), Some("robin1@example.com"));
        assert_eq!(place.date.as_deref(), Some("2023-11-15T01:13:20+02:00"));
        assert_eq!((place.present, place.reachable), (Some(true), Some(true)));
        assert_eq!(place.branches, ["main"]);
        let gone = found.iter().find(|one| one.places.len() == 1).expect("one place");
        assert_eq!((gone.places[0].present, gone.places[0].reachable), (Some(false), Some(true)));
    }
}

#[test]
fn objects_that_no_reference_reaches_are_scanned_and_said_to_be_so() {
    let dir = tempfile::tempdir().expect("a folder");
    repository(dir.path(), &[vec![("a", line("clean"))], vec![("b", line(KEYS[0]))]]);
    git(dir.path(), &["update-ref", "refs/heads/main", "main~1"], b"");
    git(dir.path(), &["hash-object", "-w", "--stdin"], KEYS[1].as_bytes());
    let found = findings(&options(dir.path()));
    assert_eq!(found.len(), 2);
    let places: Vec<_> = found.iter().map(|one| &one.places[0]).collect();
    assert!(places.iter().all(|place| place.reachable == Some(false)));
    assert!(places.iter().any(|place| place.path == "b" && place.commit.is_some()));
    assert!(places.iter().any(|place| place.path.starts_with("blob ")));
}

#[test]
fn alternates_are_scanned() {
    let (lender, borrower) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    repository(lender.path(), &[vec![("a", line(KEYS[0]))]]);
    let from = lender.path().to_str().expect("a plain path");
    git(borrower.path(), &["clone", "-q", "--shared", from, "clone"], b"");
    let found = findings(&options(&borrower.path().join("clone")));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].places[0].path, "a");
}

#[test]
fn a_damaged_pack_is_reported_and_the_rest_is_found() {
    let dir = tempfile::tempdir().expect("a folder");
    repository(dir.path(), &[vec![("a", line(KEYS[0]))], vec![("b", Some(b"noise ".repeat(4000)))]]);
    git(dir.path(), &["repack", "-adfq"], b"");
    let blob = git(dir.path(), &["rev-parse", "main:b"], b"");
    let packs = dir.path().join("objects/pack");
    let pack = std::fs::read_dir(packs).expect("packs").flatten().map(|entry| entry.path());
    let pack = pack.into_iter().find(|path| path.extension().is_some_and(|ext| ext == "pack")).expect("a pack");
    let listing = git(dir.path(), &["verify-pack", "-v", pack.with_extension("idx").to_str().expect("plain")], b"");
    let offset = listing.lines().find(|line| line.starts_with(&blob)).expect("listed").split_whitespace().nth(4);
    let offset: usize = offset.expect("an offset").parse().expect("a number");
    let mut bytes = std::fs::read(&pack).expect("readable");
    bytes[offset + 6] ^= 0xff;
    bytes[offset + 9] ^= 0xff;
    std::fs::remove_file(&pack).expect("removable");
    std::fs::write(&pack, bytes).expect("writable");
    let outcome = scan(&options(dir.path()));
    assert_eq!(outcome.report.findings.len(), 1);
    assert!(outcome.report.incomplete.iter().any(|one| one.what.contains(&blob)), "{:?}", outcome.report.incomplete);
}

#[test]
fn missing_objects_are_survived_and_reported() {
    let dir = tempfile::tempdir().expect("a folder");
    repository(dir.path(), &[vec![("a", line(KEYS[0])), ("b", line("other"))]]);
    git(dir.path(), &["config", "fastimport.unpackLimit", "0"], b"");
    let blob = git(dir.path(), &["rev-parse", "main:b"], b"");
    let pack_dir = dir.path().join("objects/pack");
    for entry in std::fs::read_dir(&pack_dir).expect("packs").flatten() {
        let moved = dir.path().join(entry.file_name());
        std::fs::rename(entry.path(), &moved).expect("movable");
        if moved.extension().is_some_and(|ext| ext == "pack") {
            git(dir.path(), &["unpack-objects", "-q"], &std::fs::read(&moved).expect("readable"));
        }
    }
    std::fs::remove_file(dir.path().join("objects").join(&blob[..2]).join(&blob[2..])).expect("was loose");
    let outcome = scan(&options(dir.path()));
    assert_eq!(outcome.report.findings.len(), 1);
    assert!(outcome.report.incomplete.iter().any(|one| one.why.contains("missing")), "{:?}", outcome.report.incomplete);
}

/// A piece of a file: keys, keywords, halves of keys, generic assignments, filler.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(KEYS[0].as_bytes().to_vec()),
        Just(KEYS[1].as_bytes().to_vec()),
        Just(b"AKIA".to_vec()),
        Just(b"\nDB_PASSWORD=\"v8#kQ2!mZr7x\"\n".to_vec()),
        Just(b"\nsecret_token: 'q9X2mf7Lr0PzT4vB8nWc'\n".to_vec()),
        Just(b"postgres://app:R4nd0mPw9@db.internal/x\n".to_vec()),
        Just(b"QUtJQVFZTFBNTjVISEhGUFpBTTIgaXMgdGhlIGtleSBpZA==".to_vec()),
        "[a-zA-Z0-9 =:\"\n]{1,60}".prop_map(String::into_bytes),
        (20_usize..400).prop_map(|lines| (0..lines).flat_map(|line| format!("line {line}\n").into_bytes()).collect()),
    ]
}

/// Versions of a file: each is the one before with a few pieces replaced.
fn versions() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let start = prop::collection::vec(piece(), 1..12);
    let edits = prop::collection::vec(prop::collection::vec((any::<usize>(), any::<bool>(), piece()), 1..3), 1..8);
    (start, edits).prop_map(|(mut pieces, edits)| {
        let mut versions = vec![pieces.concat()];
        for edit in edits {
            for (at, replace, piece) in edit {
                let at = at % (pieces.len() + 1);
                if replace && at < pieces.len() {
                    pieces[at] = piece;
                } else {
                    pieces.insert(at, piece);
                }
            }
            versions.push(pieces.concat());
        }
        versions
    })
}

proptest! {
    #![proptest_config(crate::testing::cases(12))]

    #[test]
    fn a_scan_of_deltas_finds_exactly_what_a_full_scan_finds(files in prop::collection::vec(versions(), 1..4)) {
        let dir = tempfile::tempdir().expect("a folder");
        let names = ["a.env", "src/b.py", "c.yaml"];
        let last = files.iter().map(Vec::len).max().unwrap_or(0);
        let commits: Vec<Vec<(&str, Option<Vec<u8>>)>> = (0..last)
            .map(|at| {
                let changes = files.iter().zip(names).filter_map(|(versions, name)| Some((name, Some(versions.get(at)?.clone()))));
                changes.collect()
            })
            .collect();
        repository(dir.path(), &commits);
        git(dir.path(), &["repack", "-adfq", "--depth=50", "--window=20"], b"");
        let mut options = options(dir.path());
        options.confidence = crate::finding::Confidence::Low;
        options.reveal = true;
        let by_delta = findings(&options);
        options.full = true;
        prop_assert_eq!(by_delta, findings(&options));
    }
}
