//! The part of a scan that looks into a repository.

use super::options::{Mode, Options};
use super::run::Error;
use super::state::State;
use crate::collect::Collector;
use crate::git::{self, Commits, Historical, RangeScanner, Ranged, scan_history};
use crate::redact::escape_path;
use crate::report::Report;
use crate::source::path_bytes;
use crate::text::Scanner;
use std::path::Path;

/// Returns the repository that is scanned for `root`; `None` when its files are scanned instead.
///
/// # Errors
/// When the mode needs a repository and there is none.
pub(super) fn find(options: &Options, root: &Path) -> Result<Option<gix::Repository>, Error> {
    match options.mode {
        Mode::History => Ok(git::open(root)),
        Mode::Files | Mode::Stdin => Ok(git::open(root).filter(|repo| repo.workdir().is_none())),
        _ => match git::discover(root) {
            Some(repo) => Ok(Some(repo)),
            None => Err(Error::NoRepository(escape_path(&path_bytes(root)))),
        },
    }
}

/// Scans `repo` as the options say.
///
/// # Errors
/// When commits or index cannot be read.
pub(super) fn scan(
    options: &Options,
    scanner: &Scanner,
    repo: &gix::Repository,
    progress: &(dyn Fn(u64) + Sync),
    collector: &mut Collector,
    report: &mut Report,
) -> Result<(), Error> {
    let quarantine = options.quarantine.as_deref();
    let ranged = || RangeScanner::new(scanner, repo, quarantine, options.file_bytes_max);
    match &options.mode {
        Mode::History | Mode::Files | Mode::Stdin => {
            return history(options, scanner, repo, progress, collector, report);
        }
        Mode::Staged => {
            let mut range = ranged()?;
            let changed = git::staged(repo, options.index_file.as_deref(), range.finder())?;
            range.uncommitted(changed, collector);
            absorb(range.finish(), report);
        }
        Mode::Range(text) => {
            let mut range = ranged()?;
            range.commits(repo, git::parse(repo, text)?, collector)?;
            absorb(range.finish(), report);
        }
        Mode::PreReceive(lines) => {
            let mut range = ranged()?;
            let commits = git::received(lines);
            if quarantine.is_some() {
                range.quarantined(commits.tips, collector);
            } else {
                // Without a quarantine the new objects already stand among the old ones.
                let hidden = git::tips(repo);
                range.commits(repo, Commits { hidden, ..commits }, collector)?;
            }
            absorb(range.finish(), report);
        }
        Mode::PrePush(lines) => {
            let mut range = ranged()?;
            range.commits(repo, git::sent(repo, lines), collector)?;
            absorb(range.finish(), report);
        }
    }
    Ok(())
}

fn history(
    options: &Options,
    scanner: &Scanner,
    repo: &gix::Repository,
    progress: &(dyn Fn(u64) + Sync),
    collector: &mut Collector,
    report: &mut Report,
) -> Result<(), Error> {
    let rules = scanner.rules.version();
    let tips = options.state.as_ref().map(|_| git::tips(repo)).unwrap_or_default();
    let known = options.state.as_ref().and_then(|folder| State::load(folder, repo, rules));
    if let Some(hidden) = known {
        let mut range = RangeScanner::new(scanner, repo, None, options.file_bytes_max)?;
        range.commits(repo, Commits { tips: tips.clone(), hidden }, collector)?;
        absorb(range.finish(), report);
    } else {
        let how = Historical { scanner, jobs: options.jobs(), full: options.full, bytes_max: options.file_bytes_max, progress };
        let mut history = scan_history(repo, &how);
        report.incomplete.append(&mut history.incomplete);
        report.scanned.documents += history.scanned.documents;
        report.scanned.bytes += history.scanned.bytes;
        git::collect(repo, history, collector);
    }
    if let Some(folder) = &options.state {
        State::save(folder, repo, rules, &tips)
            .map_err(|source| Error::State { path: escape_path(&path_bytes(folder)), source })?;
    }
    Ok(())
}

fn absorb(ranged: Ranged, report: &mut Report) {
    report.incomplete.extend(ranged.incomplete);
    report.scanned.documents += ranged.scanned.documents;
    report.scanned.bytes += ranged.scanned.bytes;
}
