use super::*;
use crate::fingerprint::Key;
use crate::report::Format;
use crate::rule::RuleSet;
use std::path::PathBuf;

/// A value of the form of an AWS access key id, made here.
const KEY_ID: &str = "AKIAQYLPMN5HHHFPZAM2";

fn options(paths: Vec<PathBuf>) -> Options {
    Options {
        paths,
        format: Format::Jsonl,
        jobs: 2,
        ..Options::new(Key::new([7; 32]))
    }
}

fn scan(options: &Options, stdin: &[u8]) -> (Outcome, String) {
    let mut out = Vec::new();
    let outcome = run(
        options,
        RuleSet::builtin(),
        &mut &stdin[..],
        &mut out,
        &|_| (),
    )
    .expect("the scan runs");
    (outcome, String::from_utf8(out).expect("reports are UTF-8"))
}

#[test]
fn a_stream_is_scanned_and_its_value_redacted() {
    let options = Options {
        mode: Mode::Stdin,
        ..options(Vec::new())
    };
    let (outcome, text) = scan(&options, format!("one\n id = {KEY_ID}\n").as_bytes());
    assert_eq!(outcome.code, FOUND);
    assert!(!text.contains(KEY_ID));
    let place = &outcome.report.findings[0].places[0];
    assert_eq!(
        (
            place.path.as_str(),
            place.start_line,
            place.start_column,
            place.end_column
        ),
        ("stdin", 2, 7, 27)
    );
    let (outcome, text) = scan(
        &Options {
            reveal: true,
            ..options
        },
        KEY_ID.as_bytes(),
    );
    assert!(text.contains(KEY_ID));
    assert_eq!(outcome.code, FOUND);
}

#[test]
fn one_value_in_several_files_is_one_finding_with_all_places() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("a.txt"), KEY_ID).expect("written");
    std::fs::write(dir.path().join("b.txt"), format!("x {KEY_ID}")).expect("written");
    std::fs::write(
        dir.path().join("c.txt"),
        format!("{KEY_ID} # watchfire:ignore"),
    )
    .expect("written");
    let (outcome, _) = scan(&options(vec![dir.path().to_owned()]), b"");
    assert_eq!(outcome.report.findings.len(), 1);
    assert_eq!(outcome.report.findings[0].places.len(), 2);
}

#[test]
fn a_path_that_is_not_there_is_an_error() {
    let mut out = Vec::new();
    let missing = options(vec![PathBuf::from("/nonexistent/watchfire")]);
    let result = run(
        &missing,
        RuleSet::builtin(),
        &mut &b""[..],
        &mut out,
        &|_| (),
    );
    assert!(matches!(result, Err(Error::Path { .. })));
}
