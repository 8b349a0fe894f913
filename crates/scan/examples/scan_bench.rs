//! Measures the scan of a history beside the bare walk of its pack and beside other scanners, in CPU seconds.
//!
//! `cargo run --release -p watchfire-scan --example scan_bench -- PROGRAM REPOSITORY [WORKTREE]`, where PROGRAM is a built
//! `watchfire` and REPOSITORY a bare repository with one pack. `gitleaks` and `kingfisher` are measured when they are found.

use gix::odb::pack::{cache, data, index};
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Runs of which the best counts: the machine may be shared.
const RUNS: usize = 3;
/// The unit of `/proc/self/stat` on Linux.
const TICKS_PER_SECOND: f64 = 100.0;

/// What one run cost.
#[derive(Clone, Copy)]
struct Cost {
    cpu_seconds: f64,
    wall_seconds: f64,
    peak_mib: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [program, repository, rest @ ..] = arguments.as_slice() else {
        return Err("give the program and a bare repository".into());
    };
    if program == "--resolve" {
        return resolve(Path::new(repository));
    }
    let mut table = String::from("| what | CPU s | wall s | peak MiB |\n|---|---|---|---|\n");
    let own = std::env::current_exe()?;
    let own = own.to_string_lossy();
    let mut rows: Vec<(&str, Vec<&str>)> = vec![
        ("pack resolved, nothing scanned", vec![&own, "--resolve", repository]),
        ("watchfire scan --history", vec![program, "scan", "--history", "--format", "jsonl", "-q", repository]),
        ("watchfire scan --history --full", vec![program, "scan", "--history", "--full", "--format", "jsonl", "-q", repository]),
        ("git log -p", vec!["git", "-C", repository, "log", "-p"]),
        ("gitleaks git", vec!["gitleaks", "git", "--no-banner", "--log-level", "error", repository]),
        ("kingfisher scan", vec!["kingfisher", "scan", repository, "--no-validate", "--format", "json"]),
    ];
    if let Some(worktree) = rest.first() {
        rows.push(("watchfire scan, files", vec![program, "scan", "--format", "jsonl", "-q", "--no-ignore", worktree]));
        rows.push(("gitleaks dir", vec!["gitleaks", "dir", "--no-banner", "--log-level", "error", worktree]));
        rows.push(("kingfisher, files", vec!["kingfisher", "scan", worktree, "--no-validate", "--git-history", "none"]));
    }
    rows.push(("watchfire scan --stdin, one line", vec![program, "scan", "--stdin"]));
    for (name, command) in rows {
        match best(&command) {
            Some(cost) => {
                writeln!(table, "| {name} | {:.2} | {:.2} | {:.0} |", cost.cpu_seconds, cost.wall_seconds, cost.peak_mib)?;
            }
            None => writeln!(table, "| {name} | not found | | |")?,
        }
    }
    std::io::stdout().write_all(table.as_bytes())?;
    Ok(())
}

/// Returns the run with the least CPU time; `None` when the program is not there.
fn best(command: &[&str]) -> Option<Cost> {
    let runs = (0..RUNS).map(|_| measure(command)).collect::<Option<Vec<Cost>>>()?;
    runs.into_iter().min_by(|a, b| a.cpu_seconds.total_cmp(&b.cpu_seconds))
}

#[expect(clippy::disallowed_methods, reason = "a sampler of another process has no condition to await")]
fn measure(command: &[&str]) -> Option<Cost> {
    let (program, arguments) = command.split_first()?;
    let (before, began) = (children_seconds()?, Instant::now());
    let mut child =
        Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak_kib = 0.0_f64;
    while child.try_wait().ok()?.is_none() {
        peak_kib = peak_kib.max(high_water_kib(&status).unwrap_or(0.0));
        std::thread::sleep(Duration::from_millis(1));
    }
    let wall_seconds = began.elapsed().as_secs_f64();
    Some(Cost { cpu_seconds: children_seconds()? - before, wall_seconds, peak_mib: peak_kib / 1024.0 })
}

/// Returns user and system time of all children that have ended.
fn children_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program may hold blanks; the numbers start behind its bracket.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(13);
    let ticks: f64 = fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?;
    Some(ticks / TICKS_PER_SECOND)
}

fn high_water_kib(status: &Path) -> Option<f64> {
    let status = std::fs::read_to_string(status).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Resolves every object of every pack with the library's own walk of the delta tree.
fn resolve(repository: &Path) -> Result<(), Box<dyn Error>> {
    let bytes = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    for entry in std::fs::read_dir(repository.join("objects/pack"))? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "idx") {
            continue;
        }
        let index = index::File::at(&path, gix::hash::Kind::Sha1)?;
        let pack = data::File::at(path.with_extension("pack"), gix::hash::Kind::Sha1)?;
        let options = index::traverse::Options {
            traversal: index::traverse::Algorithm::DeltaTreeLookup,
            thread_limit: None,
            check: index::traverse::SafetyCheck::SkipFileAndObjectChecksumVerification,
            alloc_limit_bytes: None,
            make_pack_lookup_cache: || cache::Never,
        };
        index.traverse(
            &pack,
            &mut gix::progress::Discard,
            &stop,
            |_, object: &[u8], _, _| {
                bytes.fetch_add(object.len() as u64, Ordering::Relaxed);
                Ok(())
            },
            options,
        )?;
    }
    writeln!(std::io::stderr(), "{} MiB resolved", bytes.load(Ordering::Relaxed) >> 20)?;
    Ok(())
}
