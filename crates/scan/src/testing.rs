//! What tests share: a real git and values made for them.

use proptest::test_runner::Config;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Values of the form of AWS access key ids, made here.
pub(crate) const KEYS: [&str; 3] = ["AKIAQYLPMN5HHHFPZAM2", "AKIAIY2GVWKZRZDV6QH3", "AKIAT4KCPQ7LMXEB2RWN"];

/// Runs git in `dir` without the configuration of user and system.
pub(crate) fn git(dir: &Path, args: &[&str], stdin: &[u8]) -> String {
    let mut child = Command::new("git")
        .args(args)
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("git runs");
    child.stdin.take().expect("a pipe").write_all(stdin).expect("git reads");
    let output = child.wait_with_output().expect("git ends");
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Makes a bare repository of commits on `main`; each is a list of (path, content), nothing meaning removal.
pub(crate) fn repository(dir: &Path, commits: &[Vec<(&str, Option<Vec<u8>>)>]) {
    git(dir, &["init", "-q", "--bare", "-b", "main", "."], b"");
    let mut stream = Vec::new();
    for (number, changes) in commits.iter().enumerate() {
        let when = 1_700_000_000 + number * 3600;
        let who = format!("Robin Doe <robin{number}@example.com> {when} +0200");
        stream.extend_from_slice(format!("commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata 1\nx\n").as_bytes());
        for (path, content) in changes {
            match content {
                Some(content) => {
                    stream.extend_from_slice(format!("M 100644 inline {path}\ndata {}\n", content.len()).as_bytes());
                    stream.extend_from_slice(content);
                    stream.push(b'\n');
                }
                None => stream.extend_from_slice(format!("D {path}\n").as_bytes()),
            }
        }
    }
    git(dir, &["fast-import", "--quiet"], &stream);
}

/// How many cases a property is tried on: `usual`, or times as many as the variable `WATCHFIRE_TEST_CASES` says.
pub(crate) fn cases(usual: u32) -> Config {
    let times = std::env::var("WATCHFIRE_TEST_CASES").ok().and_then(|times| times.parse::<u32>().ok()).unwrap_or(1);
    Config { cases: usual.saturating_mul(times), ..Config::default() }
}
