use super::*;
use crate::fingerprint::Key;
use crate::report::Format;
use crate::rule::RuleSet;
use crate::testing::{KEYS, git};
use std::path::PathBuf;

/// A value of the form of an AWS access key id, made here.
const KEY_ID: &str = "AKIAQYLPMN5HHHFPZAM2";

fn options(paths: Vec<PathBuf>) -> Options {
    Options { paths, format: Format::Jsonl, jobs: 2, ..Options::new(Key::new([7; 32])) }
}

fn scan(options: &Options, stdin: &[u8]) -> (Outcome, String) {
    let mut out = Vec::new();
    let outcome = run(options, RuleSet::builtin(), &mut &stdin[..], &mut out, &|_| ()).expect("the scan runs");
    (outcome, String::from_utf8(out).expect("reports are UTF-8"))
}

#[test]
fn a_stream_is_scanned_and_its_value_redacted() {
    let options = Options { mode: Mode::Stdin, ..options(Vec::new()) };
    let (outcome, text) = scan(&options, format!("one\n id = {KEY_ID}\n").as_bytes());
    assert_eq!(outcome.code, FOUND);
    assert!(!text.contains(KEY_ID));
    let place = &outcome.report.findings[0].places[0];
    assert_eq!((place.path.as_str(), place.start_line, place.start_column, place.end_column), ("stdin", 2, 7, 27));
    let (outcome, text) = scan(&Options { reveal: true, ..options }, KEY_ID.as_bytes());
    assert!(text.contains(KEY_ID));
    assert_eq!(outcome.code, FOUND);
}

#[test]
fn columns_count_characters() {
    let options = Options { mode: Mode::Stdin, ..options(Vec::new()) };
    let (outcome, _) = scan(&options, format!("one\nschlüssel → = {KEY_ID}\n").as_bytes());
    let place = &outcome.report.findings[0].places[0];
    assert_eq!((place.start_line, place.start_column, place.end_line, place.end_column), (2, 15, 2, 35));
}

#[test]
fn one_value_in_several_files_is_one_finding_with_all_places() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("a.txt"), KEY_ID).expect("written");
    std::fs::write(dir.path().join("b.txt"), format!("x {KEY_ID}")).expect("written");
    std::fs::write(dir.path().join("c.txt"), format!("{KEY_ID} # watchfire:ignore")).expect("written");
    let (outcome, _) = scan(&options(vec![dir.path().to_owned()]), b"");
    assert_eq!(outcome.report.findings.len(), 1);
    assert_eq!(outcome.report.findings[0].places.len(), 2);
}

#[test]
fn a_path_that_is_not_there_is_an_error() {
    let mut out = Vec::new();
    let missing = options(vec![PathBuf::from("/nonexistent/watchfire")]);
    let result = run(&missing, RuleSet::builtin(), &mut &b""[..], &mut out, &|_| ());
    assert!(matches!(result, Err(Error::Path { .. })));
}

/// Makes a repository with a worktree and one commit that holds the first key.
fn worktree() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    git(dir.path(), &["init", "-q", "-b", "main", "."], b"");
    git(dir.path(), &["config", "user.name", "Robin Doe"], b"");
    git(dir.path(), &["config", "user.email", "robin@example.com"], b"");
    for folder in ["deep/er", "other"] {
        std::fs::create_dir_all(dir.path().join(folder)).expect("a folder");
        std::fs::write(dir.path().join(folder).join("file"), "plain").expect("written");
    }
    write(&dir, "deep/old.txt", &format!("{}\n", KEYS[0]));
    commit(&dir, "first");
    dir
}

fn write(dir: &tempfile::TempDir, path: &str, text: &str) {
    std::fs::write(dir.path().join(path), text).expect("written");
}

fn commit(dir: &tempfile::TempDir, message: &str) {
    git(dir.path(), &["add", "-A"], b"");
    git(dir.path(), &["commit", "-q", "-m", message], b"");
}

/// The values found, with the paths of their places.
fn values(options: &Options) -> Vec<(String, Vec<String>)> {
    let options = Options { reveal: true, ..options.clone() };
    let mut values: Vec<_> = scan(&options, b"")
        .0
        .report
        .findings
        .into_iter()
        .map(|one| (one.secret, one.places.into_iter().map(|place| place.path).collect()))
        .collect();
    values.sort();
    values
}

fn only(key: &str, path: &str) -> Vec<(String, Vec<String>)> {
    vec![(key.to_owned(), vec![path.to_owned()])]
}

#[test]
fn only_what_is_staged_and_new_is_found() {
    let dir = worktree();
    let staged = Options { mode: Mode::Staged, ..options(vec![dir.path().join("deep")]) };
    assert_eq!(values(&staged), []);
    write(&dir, "deep/er/new.txt", KEYS[1]);
    assert_eq!(values(&staged), [], "nothing is staged yet");
    git(dir.path(), &["add", "deep/er/new.txt"], b"");
    write(&dir, "deep/er/new.txt", "changed after staging");
    assert_eq!(values(&staged), only(KEYS[1], "deep/er/new.txt"));
    write(&dir, "deep/old.txt", &format!("{}\nmore\n", KEYS[0]));
    git(dir.path(), &["add", "deep/old.txt"], b"");
    assert_eq!(values(&staged), only(KEYS[1], "deep/er/new.txt"), "the old value was there before");
}

#[test]
fn a_first_commit_can_be_checked_before_there_is_a_head() {
    let dir = tempfile::tempdir().expect("a folder");
    git(dir.path(), &["init", "-q", "."], b"");
    write(&dir, "a", KEYS[0]);
    git(dir.path(), &["add", "a"], b"");
    let staged = Options { mode: Mode::Staged, ..options(vec![dir.path().to_owned()]) };
    assert_eq!(values(&staged), only(KEYS[0], "a"));
}

#[test]
fn a_range_holds_what_its_commits_brought() {
    let dir = worktree();
    write(&dir, "deep/er/new.txt", KEYS[1]);
    commit(&dir, "second");
    let second = git(dir.path(), &["rev-parse", "HEAD"], b"");
    write(&dir, "deep/er/new.txt", "gone again");
    write(&dir, "deep/old.txt", &format!("{} and a comment", KEYS[0]));
    commit(&dir, "third");
    let range = |text: &str| Options { mode: Mode::Range(text.to_owned()), ..options(vec![dir.path().to_owned()]) };
    assert_eq!(values(&range("HEAD~2..HEAD")), only(KEYS[1], "deep/er/new.txt"));
    assert_eq!(values(&range("HEAD~1..HEAD")), []);
    assert_eq!(values(&range("HEAD")).len(), 2);
    let report = scan(&range("HEAD~2..HEAD"), b"").0.report;
    let place = &report.findings[0].places[0];
    assert_eq!((place.commit.as_deref(), place.present), (Some(second.as_str()), Some(false)));
    assert_eq!(place.email.as_deref(), Some("robin@example.com"));
    let wrong = run(&range("nowhere..HEAD"), RuleSet::builtin(), &mut &b""[..], &mut Vec::new(), &|_| ());
    assert!(matches!(wrong, Err(Error::Git(_))));
}

#[test]
fn a_second_scan_with_memory_sees_only_new_commits() {
    let (dir, memory) = (worktree(), tempfile::tempdir().expect("a folder"));
    let state = Some(memory.path().to_owned());
    let history = Options { mode: Mode::History, state, ..options(vec![dir.path().to_owned()]) };
    assert_eq!(values(&history), only(KEYS[0], "deep/old.txt"));
    assert_eq!(values(&history), []);
    write(&dir, "new.txt", KEYS[1]);
    commit(&dir, "second");
    assert_eq!(values(&history), only(KEYS[1], "new.txt"));
    assert_eq!(values(&history), []);
    assert_eq!(values(&Options { state: None, ..history }).len(), 2);
}

#[test]
fn a_push_is_read_from_what_its_hook_is_told() {
    let dir = worktree();
    let old = git(dir.path(), &["rev-parse", "HEAD"], b"");
    write(&dir, "new.txt", KEYS[1]);
    commit(&dir, "second");
    let new = git(dir.path(), &["rev-parse", "HEAD"], b"");
    let zero = "0".repeat(40);
    let line = format!("refs/heads/main {new} refs/heads/main {old}\n").into_bytes();
    let push = Options { mode: Mode::PrePush(line), ..options(vec![dir.path().to_owned()]) };
    assert_eq!(values(&push), only(KEYS[1], "new.txt"));
    let line = format!("refs/heads/main {new} refs/heads/main {zero}\n").into_bytes();
    assert_eq!(values(&Options { mode: Mode::PrePush(line), ..push.clone() }).len(), 2);
    let line = format!("(delete) {zero} refs/heads/main {old}\n").into_bytes();
    assert_eq!(values(&Options { mode: Mode::PrePush(line), ..push }), []);
}

#[test]
fn a_baseline_leaves_out_what_is_known_until_it_expires() {
    let dir = worktree();
    let mut options = options(vec![dir.path().to_owned()]);
    let found = scan(&options, b"").0.report.findings;
    let baseline = Baseline::of(&found, "a test account", "team-a", Some("2026-06-30"));
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), serde_json::to_vec(&baseline).expect("plain data")).expect("written");
    options.baseline = Some(file.path().to_owned());
    options.today = "2026-06-30".to_owned();
    let known = scan(&options, b"").0;
    assert_eq!((known.code, known.report.ignored), (CLEAN, 1));
    options.today = "2026-07-01".to_owned();
    assert_eq!(scan(&options, b"").0.code, FOUND);
    assert!(Baseline::parse("findings:\n- {fingerprint: a, reason: '', owner: b}\n").is_err());
    assert!(Baseline::parse("findings:\n- {fingerprint: a, reason: x, owner: b, expires: soon}\n").is_err());
}

#[test]
fn archives_encodings_and_utf16_are_looked_into() {
    use std::io::Write;
    let dir = tempfile::tempdir().expect("a folder");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(format!("x\nkey {}\n", KEYS[0]).as_bytes()).expect("memory writes");
    std::fs::write(dir.path().join("a.gz"), gzip.finish().expect("memory writes")).expect("written");
    let wide: Vec<u8> = format!("\u{feff}key {}\r\n", KEYS[1]).encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(dir.path().join("b.reg"), wide).expect("written");
    write(&dir, "c.txt", "data: \"dGhlIGtleSBpZCBpcyBBS0lBVDRLQ1BRN0xNWEVCMlJXTiBmb3Igbm93\"\n");
    std::fs::write(dir.path().join("d.xz"), b"\xfd7zXZ\0....").expect("written");
    let (outcome, _) = scan(&options(vec![dir.path().to_owned()]), b"");
    let mut paths: Vec<(String, u32)> = outcome
        .report
        .findings
        .iter()
        .flat_map(|one| &one.places)
        .map(|place| (place.path.rsplit('/').next().unwrap_or_default().to_owned(), place.start_line))
        .collect();
    paths.sort();
    assert_eq!(paths, [("a.gz!content".to_owned(), 2), ("b.reg".to_owned(), 1), ("c.txt".to_owned(), 1)]);
    assert!(outcome.report.incomplete.iter().any(|one| one.what.ends_with("d.xz")));
}

#[test]
fn places_beyond_the_most_that_a_finding_lists_are_counted() {
    let dir = tempfile::tempdir().expect("a folder");
    write(&dir, "many.txt", &format!("{KEY_ID}\n").repeat(crate::collect::PLACES_MAX + 5));
    let (outcome, _) = scan(&options(vec![dir.path().to_owned()]), b"");
    assert_eq!(outcome.report.findings[0].places.len(), crate::collect::PLACES_MAX);
    assert!(outcome.report.incomplete.iter().any(|one| one.why.starts_with("5 more places")), "{:?}", outcome.report.incomplete);
}

#[cfg(unix)]
#[test]
fn a_hostile_folder_is_survived() {
    use std::os::unix::ffi::OsStrExt;
    let dir = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink(dir.path(), dir.path().join("loop")).expect("a link");
    std::os::unix::fs::symlink("/dev/zero", dir.path().join("zero")).expect("a link");
    let odd = std::ffi::OsStr::from_bytes(b"a\x1b[2J\n\xff.txt");
    std::fs::write(dir.path().join(odd), KEYS[0]).expect("written");
    let sparse = std::fs::File::create(dir.path().join("huge.bin")).expect("a file");
    sparse.set_len(10 << 30).expect("a sparse file");
    std::fs::write(dir.path().join("line.txt"), [b"x".repeat(20 << 20), KEYS[1].as_bytes().to_vec()].concat()).expect("written");
    let mut options = options(vec![dir.path().to_owned()]);
    options.file_bytes_max = 32 << 20;
    let (outcome, text) = scan(&options, b"");
    assert_eq!(outcome.report.findings.len(), 1, "a key in the middle of a long word is none");
    assert!(!text.contains('\u{1b}'));
    assert!(outcome.report.findings[0].places[0].path.ends_with(r"a\x1b[2J\x0a\xff.txt"));
    assert!(outcome.report.incomplete.iter().any(|one| one.what.ends_with("huge.bin")));
}
