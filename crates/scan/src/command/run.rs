//! Runs one scan.

use super::baseline::Baseline;
use super::options::{Mode, Options};
use super::repository;
use crate::archive::Limits;
use crate::collect::{Collector, Origination};
use crate::report::{self, Report};
use crate::rule::RuleSet;
use crate::source::{Files, Walked, scan_files, scan_reader};
use crate::text::{Piece, Scanner};
use std::io::{self, Read, Write};
use std::path::PathBuf;

/// The exit code when nothing was found.
pub const CLEAN: u8 = 0;
/// The exit code when secrets were found.
pub const FOUND: u8 = 1;
/// The exit code when the scan could not be done.
pub const FAILED: u8 = 2;

/// Why a scan could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A path does not exist or cannot be read.
    #[error("{path} cannot be read")]
    Path {
        /// The path as it was given.
        path: String,
        /// The reason.
        source: io::Error,
    },
    /// The stream failed.
    #[error("the standard input cannot be read")]
    Stdin(#[source] io::Error),
    /// The path is in no git repository.
    #[error("{0} is in no git repository")]
    NoRepository(String),
    /// The commits or the index of a repository cannot be read.
    #[error(transparent)]
    Git(#[from] crate::git::Error),
    /// The baseline cannot be used.
    #[error(transparent)]
    Baseline(#[from] super::baseline::Error),
    /// What was scanned cannot be remembered.
    #[error("what was scanned cannot be remembered in {path}")]
    State {
        /// The folder.
        path: String,
        /// The reason.
        source: io::Error,
    },
    /// The report could not be written.
    #[error("the report cannot be written")]
    Write(#[from] io::Error),
}

/// What a scan came to.
#[derive(Debug)]
pub struct Outcome {
    /// 0 clean, 1 findings.
    pub code: u8,
    /// The report as it was written.
    pub report: Report,
}

/// Scans as `options` say and writes the report to `out`.
///
/// `progress` is told how many more bytes were scanned, from any thread.
///
/// # Errors
/// When a path cannot be read, a repository cannot be opened or the report cannot be written. What is merely broken inside
/// of a folder or repository is no error; it stands in [`Report::incomplete`].
pub fn run(
    options: &Options,
    rules: &'static RuleSet,
    stdin: &mut dyn Read,
    out: &mut dyn Write,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Outcome, Error> {
    let archives = options.archives.then(Limits::default);
    let scanner = Scanner::new(rules, options.decode_depth.min(4), archives);
    let mut collector = Collector::new(rules, options.confidence);
    let mut report = Report::default();
    match &options.mode {
        Mode::Stdin => {
            let name = options.stdin_name.as_bytes();
            let walked =
                scan_reader(&scanner, stdin, name, options.file_bytes_max, &mut Piece::default()).map_err(Error::Stdin)?;
            absorb(walked, &mut collector, &mut report);
        }
        _ => {
            let here = [PathBuf::from(".")];
            let roots = if options.paths.is_empty() { &here } else { options.paths.as_slice() };
            for root in roots {
                std::fs::symlink_metadata(root).map_err(|source| Error::Path {
                    path: crate::redact::escape_path(&crate::source::path_bytes(root)),
                    source,
                })?;
            }
            let mut folders = Vec::new();
            for root in roots {
                match repository::find(options, root)? {
                    Some(repo) => repository::scan(options, &scanner, &repo, progress, &mut collector, &mut report)?,
                    None => folders.push(root.clone()),
                }
            }
            if !folders.is_empty() {
                let files = Files {
                    roots: &folders,
                    no_ignore: options.no_ignore,
                    jobs: options.jobs(),
                    bytes_max: options.file_bytes_max,
                };
                absorb(scan_files(&scanner, &files, progress), &mut collector, &mut report);
            }
        }
    }
    report.incomplete.extend(collector.incomplete());
    report.findings = collector.finish(options);
    if let Some(path) = &options.baseline {
        report.ignored = Baseline::read(path)?.apply(&mut report.findings, &options.today);
    }
    report::write(&report, options.format, options.style, out)?;
    out.flush()?;
    Ok(Outcome { code: if report.findings.is_empty() { CLEAN } else { FOUND }, report })
}

fn absorb(walked: Walked, collector: &mut Collector, report: &mut Report) {
    for document in walked.documents {
        collector.add(&document.path, document.located, &Origination::default());
    }
    report.incomplete.extend(walked.incomplete);
    report.scanned.documents += walked.scanned.documents;
    report.scanned.bytes += walked.scanned.bytes;
}
