//! Hostile input to the built scan: it stays within its memory, says what it left out, and executes nothing.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_watchfire");
/// A value of the form of an AWS access key id, made for these tests.
const KEY: &str = "AKIAQYLPMN5HHHFPZAM2";

/// What a run gave, and the most memory that it held.
struct Run {
    code: Option<i32>,
    out: String,
    errors: String,
    peak_mib: u64,
}

/// Runs the scan in `folder`; `input` writes its standard input.
fn scan(folder: &Path, arguments: &[&str], input: impl FnOnce(&mut dyn Write) + Send + 'static) -> Run {
    let mut child = Command::new(PROGRAM)
        .arg("scan")
        .args(arguments)
        .current_dir(folder)
        .env("HOME", folder)
        .env_remove("XDG_CONFIG_HOME")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let (mut stdin, mut stdout, mut stderr) =
        (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"), child.stderr.take().expect("a pipe"));
    let writer = std::thread::spawn(move || input(&mut stdin));
    let errors = std::thread::spawn(move || {
        let mut text = String::new();
        stderr.read_to_string(&mut text).expect("its messages are text");
        text
    });
    let (ended, end) = channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        let _ = stdout.read_to_string(&mut text);
        let _ = ended.send(text);
    });
    let status = format!("/proc/{}/status", child.id());
    let mut peak_mib = 0;
    let out = loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let mark = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).and_then(|rest| rest.split_whitespace().next());
        peak_mib = peak_mib.max(mark.and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024);
        match end.recv_timeout(Duration::from_millis(2)) {
            Ok(text) => break text,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => panic!("the reader of the output is gone"),
        }
    };
    let code = child.wait().expect("the program ends").code();
    writer.join().expect("the writer ends");
    Run { code, out, errors: errors.join().expect("the reader ends"), peak_mib }
}

fn nothing(_: &mut dyn Write) {}

fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .envs([("GIT_AUTHOR_NAME", "Robin Doe"), ("GIT_AUTHOR_EMAIL", "robin@example.com")])
        .envs([("GIT_COMMITTER_NAME", "Robin Doe"), ("GIT_COMMITTER_EMAIL", "robin@example.com")])
        .output()
        .expect("git runs");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A line of so many bytes; `WATCHFIRE_TEST_LARGE` makes it a gigabyte.
fn line_bytes() -> usize {
    if std::env::var_os("WATCHFIRE_TEST_LARGE").is_some() { 1 << 30 } else { 224 << 20 }
}

#[test]
fn a_huge_line_is_scanned_to_its_end_in_little_memory() {
    let dir = tempfile::tempdir().expect("a folder");
    let run = scan(dir.path(), &["--stdin", "--format", "jsonl", "--max-file-bytes", "2000000000"], |input| {
        let block = [b"0 token = ".as_slice(), &b"lorem ipsum dolor sit amet ".repeat(150)].concat().repeat(64);
        for _ in 0..line_bytes() / block.len() {
            input.write_all(&block).expect("the scan reads");
        }
        input.write_all(format!(" {KEY} ").as_bytes()).expect("the scan reads");
    });
    assert_eq!(run.code, Some(1), "{}", run.errors);
    assert_eq!(run.out.lines().count(), 1);
    assert!(run.peak_mib <= 200, "{} MiB", run.peak_mib);
}

#[test]
fn a_sparse_file_of_ten_gigabytes_is_cut_and_said_to_be() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::File::create(dir.path().join("huge.bin")).and_then(|file| file.set_len(10 << 30)).expect("a sparse file");
    let run = scan(dir.path(), &["--max-file-bytes", "100000000", "huge.bin"], nothing);
    assert_eq!(run.code, Some(0), "{}", run.errors);
    assert!(format!("{}{}", run.out, run.errors).contains("larger than the limit"), "{}{}", run.out, run.errors);
    assert!(run.peak_mib <= 200, "{} MiB", run.peak_mib);
}

#[test]
fn a_bomb_of_zeros_is_cut_and_said_to_be() {
    let dir = tempfile::tempdir().expect("a folder");
    let made =
        Command::new("sh").args(["-c", "head -c 300000000 /dev/zero | gzip -1 > bomb.gz"]).current_dir(dir.path()).status();
    assert!(made.expect("sh runs").success());
    let run = scan(dir.path(), &["bomb.gz"], nothing);
    assert_eq!(run.code, Some(0), "{}", run.errors);
    assert!(format!("{}{}", run.out, run.errors).contains("not fully scanned"), "{}{}", run.out, run.errors);
    assert!(run.peak_mib <= 400, "{} MiB", run.peak_mib);
}

#[test]
fn large_blobs_of_a_history_are_scanned_in_bounded_memory() {
    let dir = tempfile::tempdir().expect("a folder");
    git(dir.path(), &["init", "-q", "-b", "main", "."]);
    for version in 0..6 {
        let mut text = format!("version {version} {KEY}\n").into_bytes();
        text.resize(24 << 20, b'z');
        std::fs::write(dir.path().join("large.txt"), text).expect("written");
        git(dir.path(), &["add", "large.txt"]);
        git(dir.path(), &["commit", "-q", "-m", "more"]);
    }
    git(dir.path(), &["repack", "-adfq"]);
    let run = scan(dir.path(), &["--history", "--format", "jsonl", "--jobs", "2", "."], nothing);
    assert_eq!(run.code, Some(1), "{}", run.errors);
    assert!(run.peak_mib <= 200, "{} MiB", run.peak_mib);
}

#[test]
fn nothing_that_a_repository_configures_is_executed() {
    let dir = tempfile::tempdir().expect("a folder");
    let repository = dir.path().join("repository");
    std::fs::create_dir(&repository).expect("a folder");
    git(&repository, &["init", "-q", "-b", "main", "."]);
    std::fs::write(repository.join("a.txt"), "first\n").expect("written");
    std::fs::write(repository.join(".gitattributes"), "* filter=evil diff=evil merge=evil\n").expect("written");
    git(&repository, &["add", "."]);
    git(&repository, &["commit", "-q", "-m", "first"]);
    std::fs::write(repository.join("a.txt"), format!("id {KEY}\n")).expect("written");
    git(&repository, &["commit", "-q", "-a", "-m", "second"]);
    std::fs::write(repository.join("b.txt"), format!("again {KEY}\n")).expect("written");
    git(&repository, &["add", "b.txt"]);
    let marker = dir.path().join("executed");
    let program = dir.path().join("evil.sh");
    std::fs::write(&program, format!("#!/bin/sh\ntouch '{}'\ncat\n", marker.display())).expect("written");
    std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("permitted");
    let evil = program.display();
    let more = dir.path().join("more.cfg");
    std::fs::write(&more, format!("[core]\n\tpager = {evil}\n")).expect("written");
    let config = format!(
        "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tfsmonitor = {evil}\n\tsshCommand = {evil}\n\teditor = {evil}\n\
         \thooksPath = {0}\n\tgitProxy = {evil}\n\taskPass = {evil}\n\talternateRefsCommand = {evil}\n\
         [filter \"evil\"]\n\tclean = {evil}\n\tsmudge = {evil}\n\tprocess = {evil}\n\trequired = true\n\
         [diff]\n\texternal = {evil}\n[diff \"evil\"]\n\ttextconv = {evil}\n\tcommand = {evil}\n[merge \"evil\"]\n\tdriver = {evil}\n\
         [credential]\n\thelper = {evil}\n[uploadpack]\n\tpackObjectsHook = {evil}\n[include]\n\tpath = {1}\n",
        dir.path().display(),
        more.display(),
    );
    std::fs::write(repository.join(".git/config"), config).expect("written");
    for hook in ["post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"] {
        std::fs::copy(&program, repository.join(".git/hooks").join(hook)).expect("copied");
    }
    for arguments in [&["--history", "."][..], &["--range", "HEAD~1..HEAD", "."], &["--staged", "."], &["."]] {
        let run = scan(&repository, arguments, nothing);
        assert_eq!(run.code, Some(1), "{arguments:?}: {}{}", run.out, run.errors);
        assert!(!marker.exists(), "{arguments:?} executed what the repository configures");
    }
    // The trap works: git itself falls into it.
    let _ = Command::new("git").args(["status"]).current_dir(&repository).env("HOME", dir.path()).output().expect("git runs");
    assert!(marker.exists(), "git would have executed it");
}

#[test]
fn a_damaged_repository_is_scanned_as_far_as_it_goes_and_said_to_be_damaged() {
    let dir = tempfile::tempdir().expect("a folder");
    git(dir.path(), &["init", "-q", "-b", "main", "."]);
    std::fs::write(dir.path().join("a.txt"), format!("id {KEY}\n")).expect("written");
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "-q", "-m", "first"]);
    let packs = dir.path().join(".git/objects/pack");
    for (name, bytes) in [
        ("pack-0000000000000000000000000000000000000000.idx", &b"\xfftOc\0\0\0\x02"[..]),
        ("pack-0000000000000000000000000000000000000000.pack", b"PACK"),
    ] {
        std::fs::write(packs.join(name), bytes).expect("written");
    }
    let loose = dir.path().join(".git/objects/aa");
    std::fs::create_dir_all(&loose).expect("a folder");
    std::fs::write(loose.join("a".repeat(38)), b"\x78\x9c broken").expect("written");
    let run = scan(dir.path(), &["--history", "--format", "jsonl", "."], nothing);
    assert_eq!(run.code, Some(1), "{}", run.errors);
    assert!(run.out.contains("aws"), "what can be read is found: {}", run.out);
    assert!(run.errors.matches("not fully scanned").count() >= 2, "{}", run.errors);
}
