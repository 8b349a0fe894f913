//! The hook of a real push into a large repository, kept so that it can be run again.

use crate::cost::Run;
use std::error::Error;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

const COMMITS: usize = 20;

/// Pushes twenty commits into `repository`, whose hook keeps what git hands it and refuses; returns the run of our own hook on that.
///
/// # Errors
/// Those of git and of the file system.
pub(crate) fn hook(repository: &Path, work: &Path, program: &str, key: &str) -> Result<Run, Box<dyn Error>> {
    let kept = work.join("push");
    if kept.exists() {
        std::fs::remove_dir_all(&kept)?;
    }
    std::fs::create_dir_all(kept.join("hooks"))?;
    let (clone, target) = (kept.join("clone.git"), kept.join("target.git"));
    // Both borrow the objects, so that neither costs a copy and the measured repository stays as it is.
    for folder in [&clone, &target] {
        git(&["clone", "--quiet", "--bare", "--shared", &repository.to_string_lossy(), &folder.to_string_lossy()], None)?;
    }
    commits(&clone)?;
    let script =
        format!("#!/bin/sh\ncat > '{0}/lines'\ncp -r \"$GIT_QUARANTINE_PATH\" '{0}/quarantine'\nexit 1\n", kept.display());
    let path = target.join("hooks/pre-receive");
    std::fs::create_dir_all(target.join("hooks"))?;
    std::fs::write(&path, script)?;
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    // The hook refuses, so the push fails: that is meant.
    let target_path = target.to_string_lossy().into_owned();
    let _ = git(&["-C", &clone.to_string_lossy(), "push", "--quiet", &target_path, "pushed"], None);
    let lines = std::fs::read(kept.join("lines"))?;
    Ok(Run {
        folder: Some(target),
        input: lines,
        variables: vec![
            ("GIT_QUARANTINE_PATH".to_owned(), kept.join("quarantine").to_string_lossy().into_owned()),
            ("WATCHFIRE_SCAN_KEY_FILE".to_owned(), key.to_owned()),
        ],
        ..Run::new(program, &["hook", "run", "pre-receive"])
    })
}

/// Appends a line to one file after the other, each in a commit of its own.
fn commits(clone: &Path) -> Result<(), Box<dyn Error>> {
    let path = clone.to_string_lossy().into_owned();
    let head = git(&["-C", &path, "rev-parse", "HEAD"], None)?;
    let head = String::from_utf8(head)?.trim().to_owned();
    let files = String::from_utf8(git(&["-C", &path, "ls-tree", "-r", "--name-only", &head], None)?)?;
    let names: Vec<&str> = files.lines().filter(|name| !name.starts_with('"')).collect();
    let mut stream = Vec::new();
    for number in 0..COMMITS {
        let name = names.get(number * names.len() / COMMITS).ok_or("the repository has no files")?;
        let mut text = git(&["-C", &path, "cat-file", "blob", &format!("{head}:{name}")], None)?;
        writeln!(text, "// change {number}")?;
        write!(
            stream,
            "commit refs/heads/pushed\nmark :{}\ncommitter Bench <bench@example.org> {} +0000\ndata 2\nc\n",
            number + 1,
            1_800_000_000 + number
        )?;
        match number {
            0 => writeln!(stream, "from {head}")?,
            _ => writeln!(stream, "from :{number}")?,
        }
        write!(stream, "M 100644 inline {name}\ndata {}\n", text.len())?;
        stream.extend_from_slice(&text);
        stream.push(b'\n');
    }
    stream.extend_from_slice(b"done\n");
    git(&["-C", &path, "fast-import", "--quiet"], Some(&stream))?;
    Ok(())
}

fn git(arguments: &[&str], input: Option<&[u8]>) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut child = Command::new("git")
        .args(arguments)
        .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    if let (Some(input), Some(mut stdin)) = (input, child.stdin.take()) {
        stdin.write_all(input)?;
    }
    let output = child.wait_with_output()?;
    if output.status.success() { Ok(output.stdout) } else { Err(format!("git {arguments:?} failed").into()) }
}
