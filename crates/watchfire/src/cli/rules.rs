//! `watchfire rules`: looks after secret rules.

use anyhow::Context;
use std::io::{Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use watchfire_scan::rule::{RuleSet, check};

/// What to do with rules.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Verifies rules against their own examples; exit code 1 when one is wrong.
    Check {
        /// Rule files; the rules of the binary when none is given.
        files: Vec<PathBuf>,
    },
    /// Lists the rules of the binary.
    List,
}

/// Runs the command.
pub(crate) fn run(args: Args) -> ExitCode {
    super::scan::finish(match args.command {
        Command::Check { files } => check_rules(&files),
        Command::List => list(),
    })
}

fn check_rules(files: &[PathBuf]) -> anyhow::Result<u8> {
    let mut reports = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
        reports.push(check::yaml(&file.display().to_string(), &text));
    }
    if files.is_empty() {
        reports.push(check::builtin());
    }
    let mut out = stdout().lock();
    let mut wrong = 0;
    for report in &reports {
        for problem in &report.problems {
            writeln!(out, "{problem}")?;
        }
        wrong += report.problems.len();
        writeln!(
            out,
            "{} rules of {} services, {} examples, {} problems",
            report.rules,
            report.services,
            report.examples,
            report.problems.len()
        )?;
    }
    Ok(u8::from(wrong > 0))
}

fn list() -> anyhow::Result<u8> {
    let mut out = stdout().lock();
    for rule in RuleSet::builtin().rules() {
        writeln!(out, "{}\t{}\t{}", rule.id, rule.service, rule.title)?;
    }
    Ok(0)
}
