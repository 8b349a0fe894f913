//! One run of all tests.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::tally::Tally;
use crate::command::cargo;
use crate::counterpart::{self, Install};

/// Runs the tests that the filters select and prints `N passed, M failed` as the last line.
///
/// Passes only when nothing failed and no counterpart was missing, unless `--skip-install` says that
/// missing ones are meant.
pub(crate) fn run(arguments: &[String]) -> Result<bool> {
    let skip_install = arguments.iter().any(|argument| argument == "--skip-install");
    let filters: Vec<&str> = arguments.iter().map(String::as_str).filter(|argument| *argument != "--skip-install").collect();
    let install = if skip_install { Install::Nothing } else { Install::Missing };

    let counterparts = counterpart::start(install)?;
    let mut runs = vec![runner(&filters)];
    if filters.is_empty() {
        runs.push(engine_on_postgres());
    }
    let outcomes: Result<Vec<(Tally, bool)>> = runs.iter_mut().map(|run| watch(run.envs(counterparts.environment()))).collect();
    let missing = counterparts.missing.clone();
    // Stopped before the last line is printed, so that the line is the last one.
    drop(counterparts);
    let (mut tally, mut success) = (Tally::default(), true);
    for (counted, passed) in outcomes? {
        tally.add(&counted);
        success &= passed;
    }

    for sentence in &missing {
        println!("left out: {sentence}");
    }
    let mut failed = tally.failed;
    if !success && failed == 0 {
        println!("the tests did not build, or their runner failed (see above); counted as one failure");
        failed = 1;
    }
    println!("{} passed, {failed} failed", tally.passed);
    Ok(failed == 0 && (missing.is_empty() || skip_install))
}

/// The engine's tests once more, on PostgreSQL: their worlds take one database in one run.
fn engine_on_postgres() -> Command {
    let mut command =
        if has_nextest() { runner(&["-E", "package(watchfire-engine)"]) } else { runner(&["-p", "watchfire-engine", "--lib"]) };
    command.env("WATCHFIRE_TEST_ENGINE_ON", "postgres");
    command
}

fn has_nextest() -> bool {
    cargo().args(["nextest", "--version"]).output().is_ok_and(|output| output.status.success())
}

/// Returns cargo-nextest where it is installed, cargo's own runner elsewhere.
fn runner(filters: &[&str]) -> Command {
    let mut command = cargo();
    if has_nextest() {
        command.args(["nextest", "run"]);
    } else {
        command.arg("test");
    }
    command.args(["--locked", "--no-fail-fast"]);
    let picks_package = filters.iter().any(|filter| matches!(*filter, "-p" | "--package") || filter.starts_with("--package="));
    if !picks_package {
        // The crash harness proves itself on a defect that is compiled in and switched on by an environment variable.
        command.args(["--workspace", "--features", "watchfire/planted-defects"]);
    }
    command.args(filters);
    command
}

/// Runs the command, passes its output on line by line and counts what it reports.
fn watch(command: &mut Command) -> Result<(Tally, bool)> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().context("cannot start cargo")?;
    let out = child.stdout.take().context("cargo has no standard output")?;
    let err = child.stderr.take().context("cargo has no standard error")?;
    // nextest reports on standard error, cargo test on standard output: both are read, each by its own thread,
    // since a full pipe that nobody reads would stop the tests.
    let reader = std::thread::spawn(move || copy(BufReader::new(err), &mut std::io::stderr()));
    let mut tally = copy(BufReader::new(out), &mut std::io::stdout())?;
    let other = reader.join().map_err(|_| anyhow::anyhow!("the reader of standard error panicked"))??;
    tally.add(&other);
    let status = child.wait()?;
    Ok((tally, status.success()))
}

fn copy(mut from: impl BufRead, to: &mut impl Write) -> Result<Tally> {
    let mut tally = Tally::default();
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&line)?;
        to.flush()?;
        tally.read_line(&String::from_utf8_lossy(&line));
        line.clear();
    }
    Ok(tally)
}
