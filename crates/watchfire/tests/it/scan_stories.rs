//! The scan command and its hooks, told to the built program with a real git.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_watchfire");
/// Values of the form of AWS access key ids, made for these tests.
const FIRST: &str = "AKIAQYLPMN5HHHFPZAM2";
const SECOND: &str = "AKIAIY2GVWKZRZDV6QH3";

/// Runs a program in `folder`, with a key and a home of its own and without anybody's configuration of git.
fn run(program: &str, folder: &Path, home: &Path, arguments: &[&str], stdin: &[u8]) -> Output {
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("HOME", home)
        .env_remove("XDG_CONFIG_HOME")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that needs no input may end before it reads any.
    drop(child.stdin.take().map(|mut pipe| pipe.write_all(stdin)));
    child.wait_with_output().expect("the program ends")
}

struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(dir.path().join("home")).expect("a folder");
        Self { dir }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join(name)
    }

    fn watchfire(&self, folder: &str, arguments: &[&str], stdin: &[u8]) -> Output {
        run(PROGRAM, &self.path(folder), &self.path("home"), arguments, stdin)
    }

    fn git(&self, folder: &str, arguments: &[&str]) -> Output {
        run("git", &self.path(folder), &self.path("home"), arguments, b"")
    }

    fn must(&self, folder: &str, arguments: &[&str]) {
        let output = self.git(folder, arguments);
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Makes a repository with a worktree in `folder`.
    fn repository(&self, folder: &str) {
        std::fs::create_dir(self.path(folder)).expect("a folder");
        self.must(folder, &["init", "-q", "-b", "main", "."]);
        self.must(folder, &["config", "user.name", "Robin Doe"]);
        self.must(folder, &["config", "user.email", "robin@example.com"]);
    }

    fn write(&self, path: &str, text: &str) {
        std::fs::write(self.path(path), text).expect("written");
    }
}

#[test]
fn exit_codes_tell_clean_found_and_failed() {
    let place = Place::new();
    assert_eq!(place.watchfire("home", &["scan", "--stdin"], b"nothing here\n").status.code(), Some(0));
    let found = place.watchfire("home", &["scan", "--stdin", "--format", "jsonl"], format!("id {FIRST}\n").as_bytes());
    assert_eq!(found.status.code(), Some(1));
    let line: serde_json::Value = serde_json::from_slice(&found.stdout).expect("one line of JSON");
    assert_eq!(line["places"][0]["start_column"], 4);
    assert!(!String::from_utf8_lossy(&found.stdout).contains(FIRST), "a value is redacted");
    assert_eq!(place.watchfire("home", &["scan", "no-such-folder"], b"").status.code(), Some(2));
    assert_eq!(place.watchfire("home", &["scan", "--range", "a..b"], b"").status.code(), Some(2));
}

#[test]
fn a_fingerprint_is_the_same_in_the_next_run_and_differs_with_another_key() {
    let (here, there) = (Place::new(), Place::new());
    let fingerprint = |place: &Place| {
        let found = place.watchfire("home", &["scan", "--stdin", "--format", "jsonl"], FIRST.as_bytes());
        let line: serde_json::Value = serde_json::from_slice(&found.stdout).expect("one line of JSON");
        line["fingerprint"].as_str().expect("a text").to_owned()
    };
    assert_eq!(fingerprint(&here), fingerprint(&here));
    assert_ne!(fingerprint(&here), fingerprint(&there));
}

#[test]
fn a_commit_with_a_secret_is_stopped_and_a_clean_one_passes() {
    let place = Place::new();
    place.repository("work");
    assert!(place.watchfire("work", &["hook", "install"], b"").status.success());
    place.write("work/conf.txt", FIRST);
    place.must("work", &["add", "."]);
    let stopped = place.git("work", &["commit", "-q", "-m", "one"]);
    assert!(!stopped.status.success());
    let said = String::from_utf8_lossy(&stopped.stderr).into_owned();
    assert!(said.contains("conf.txt:1:1") && !said.contains(FIRST), "{said}");
    place.write("work/conf.txt", "clean");
    // What is staged counts, not what lies in the folder.
    assert!(!place.git("work", &["commit", "-q", "-m", "two"]).status.success());
    assert!(place.git("work", &["commit", "-q", "-a", "-m", "three"]).status.success());
    place.write("work/known.txt", &format!("{SECOND} # watchfire:ignore\n"));
    place.must("work", &["add", "."]);
    place.must("work", &["commit", "-q", "-m", "four"]);
    // Named files are committed from an index of their own.
    place.write("work/conf.txt", FIRST);
    assert!(!place.git("work", &["commit", "-q", "-m", "five", "conf.txt"]).status.success());
}

#[test]
fn a_foreign_hook_is_not_replaced() {
    let place = Place::new();
    place.repository("work");
    place.write("work/.git/hooks/pre-commit", "#!/bin/sh\nexit 0\n");
    let refused = place.watchfire("work", &["hook", "install"], b"");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("hook run pre-commit"));
    assert!(place.watchfire("work", &["hook", "install", "--force"], b"").status.success());
    assert!(place.watchfire("work", &["hook", "install"], b"").status.success(), "its own hook it replaces");
}

#[test]
fn a_push_with_a_secret_is_refused_by_the_server_and_by_the_client() {
    let place = Place::new();
    place.repository("work");
    std::fs::create_dir(place.path("server.git")).expect("a folder");
    place.must("server.git", &["init", "-q", "--bare", "-b", "main", "."]);
    assert!(place.watchfire("server.git", &["hook", "install", "pre-receive"], b"").status.success());
    place.must("work", &["remote", "add", "origin", "../server.git"]);
    place.write("work/a.txt", "clean");
    place.must("work", &["add", "."]);
    place.must("work", &["commit", "-q", "-m", "one"]);
    place.must("work", &["push", "-q", "origin", "main"]);
    place.write("work/b.txt", SECOND);
    place.must("work", &["add", "."]);
    place.must("work", &["commit", "-q", "-m", "two"]);
    // The value is gone again in the last commit; the push still carries it.
    place.must("work", &["rm", "-q", "b.txt"]);
    place.must("work", &["commit", "-q", "-m", "three"]);
    let refused = place.git("work", &["push", "-q", "origin", "main"]);
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("b.txt:1:1") && said.contains("pre-receive"), "{said}");
    let kept = place.git("server.git", &["rev-list", "--count", "main"]);
    assert_eq!(String::from_utf8_lossy(&kept.stdout).trim(), "1");

    assert!(place.watchfire("server.git", &["hook", "install", "pre-receive"], b"").status.success());
    assert!(place.watchfire("work", &["hook", "install", "pre-push"], b"").status.success());
    let stopped = place.git("work", &["push", "-q", "origin", "main"]);
    assert!(String::from_utf8_lossy(&stopped.stderr).contains("pre-push"));
    place.must("work", &["reset", "-q", "--hard", "HEAD~2"]);
    place.write("work/a.txt", "clean, and more");
    place.must("work", &["commit", "-q", "-a", "-m", "four"]);
    place.must("work", &["push", "-q", "origin", "main"]);
}

#[test]
fn the_rules_of_the_program_pass_their_own_check() {
    let place = Place::new();
    let output = place.watchfire("home", &["rules", "check"], b"");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
