//! Scans what a range of commits brought, what is staged, and what a push brings or takes.

use super::changes::{Change, changes};
use super::finder::Finder;
use crate::collect::{Collector, Origination};
use crate::generic::{FileContext, FileKind};
use crate::redact::escape_path;
use crate::report::{Incomplete, Scanned};
use crate::source::inside;
use crate::text::{Located, Origin, Scanner, select};
use gix::ObjectId;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// Commits to scan: what `tips` reach and `hidden` do not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Commits {
    pub(crate) tips: Vec<ObjectId>,
    pub(crate) hidden: Vec<ObjectId>,
}

/// Why commits cannot be listed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The revision does not exist or is ambiguous.
    #[error("{0} is no range of commits in this repository")]
    Range(String),
    /// The history cannot be walked.
    #[error("the commits cannot be read: {0}")]
    Walk(String),
    /// The index cannot be read.
    #[error("the index cannot be read: {0}")]
    Index(String),
}

/// What came of it beside the findings.
#[derive(Debug, Default)]
pub(crate) struct Ranged {
    pub(crate) incomplete: Vec<Incomplete>,
    pub(crate) scanned: Scanned,
}

/// Reads `A..B`, `A...B`, or one revision, which means everything that it reaches.
///
/// # Errors
/// When the text names no commits of `repo`.
pub(crate) fn parse(repo: &gix::Repository, range: &str) -> Result<Commits, Error> {
    use gix::revision::plumbing::Spec;
    let wrong = || Error::Range(escape_path(range.as_bytes()));
    let spec = repo.rev_parse(range.as_bytes()).map_err(|_| wrong())?.detach();
    Ok(match spec {
        Spec::Range { from, to } => Commits { tips: vec![to], hidden: vec![from] },
        Spec::Include(tip) => Commits { tips: vec![tip], hidden: Vec::new() },
        Spec::Merge { theirs, ours } => {
            let base = repo.merge_base(theirs, ours).map_err(|_| wrong())?;
            Commits { tips: vec![theirs, ours], hidden: base.map(gix::Id::detach).into_iter().collect() }
        }
        Spec::ExcludeParents(tip) => {
            let commit = repo.find_commit(tip).map_err(|_| wrong())?;
            Commits { tips: vec![tip], hidden: commit.parent_ids().map(gix::Id::detach).collect() }
        }
        _ => return Err(wrong()),
    })
}

/// Scans texts by their ids, each once, and adds what is new to a collector.
pub(crate) struct RangeScanner<'a> {
    scanner: &'a Scanner,
    finder: Finder,
    bytes_max: u64,
    /// Values by blob and path; a path decides what the generic scanner thinks.
    known: HashMap<(ObjectId, Vec<u8>), Vec<Located>>,
    seen: HashSet<(Origin, Box<[u8]>, Vec<u8>)>,
    ranged: Ranged,
}

impl<'a> RangeScanner<'a> {
    /// Reads from `repo`, and from a push's quarantine.
    ///
    /// # Errors
    /// When the quarantine is no folder.
    pub(crate) fn new(
        scanner: &'a Scanner,
        repo: &gix::Repository,
        quarantine: Option<&Path>,
        bytes_max: u64,
    ) -> Result<Self, Error> {
        let finder = Finder::new(repo, quarantine).map_err(|error| Error::Walk(error.to_string()))?;
        Ok(Self { scanner, finder, bytes_max, known: HashMap::new(), seen: HashSet::new(), ranged: Ranged::default() })
    }

    /// Scans what the commits brought, the oldest first.
    ///
    /// # Errors
    /// When the commits cannot be walked.
    pub(crate) fn commits(&mut self, repo: &gix::Repository, commits: Commits, collector: &mut Collector) -> Result<(), Error> {
        let walk = |error: gix::Error| Error::Walk(error.to_string());
        let tips: Vec<ObjectId> = commits.tips.into_iter().filter_map(|tip| Some(self.finder.commit(tip)?.0)).collect();
        let hidden: Vec<ObjectId> = commits.hidden.into_iter().filter_map(|tip| Some(self.finder.commit(tip)?.0)).collect();
        let mut list = Vec::new();
        for info in repo.rev_walk(tips.iter().copied()).with_hidden(hidden).all().map_err(walk)? {
            list.push(info.map_err(walk)?.id);
        }
        self.list(list, &tips, collector);
        Ok(())
    }

    /// Scans the commits of a quarantine below `tips`.
    pub(crate) fn quarantined(&mut self, tips: Vec<ObjectId>, collector: &mut Collector) {
        let (mut list, mut waiting, mut met) = (Vec::new(), tips.clone(), HashSet::new());
        while let Some(id) = waiting.pop() {
            if !self.finder.is_quarantined(id) || !met.insert(id) {
                continue;
            }
            let Some((id, commit)) = self.finder.commit(id) else {
                self.note(format!("object {id}"), "is no readable commit or tag");
                continue;
            };
            waiting.extend(commit.parents);
            list.push(id);
        }
        self.list(list, &tips, collector);
    }

    /// Scans changed blobs that belong to no commit yet.
    pub(crate) fn uncommitted(&mut self, changed: Vec<Change>, collector: &mut Collector) {
        for change in changed {
            self.change(&change, &Origination::default(), &[], collector);
        }
    }

    /// Reads trees and commits of the repository.
    pub(crate) fn finder(&mut self) -> &mut Finder {
        &mut self.finder
    }

    /// Ends the scan.
    pub(crate) fn finish(self) -> Ranged {
        self.ranged
    }

    fn list(&mut self, newest_first: Vec<ObjectId>, tips: &[ObjectId], collector: &mut Collector) {
        let tips: Vec<ObjectId> = tips.iter().filter_map(|tip| Some(self.finder.commit(*tip)?.1.tree)).collect();
        for id in newest_first.into_iter().rev() {
            let Some((id, commit)) = self.finder.commit(id) else {
                self.note(format!("commit {id}"), "cannot be read");
                continue;
            };
            let parents: Vec<ObjectId> =
                commit.parents.iter().filter_map(|parent| Some(self.finder.commit(*parent)?.1.tree)).collect();
            let mut changed = Vec::new();
            let unreadable = changes(&mut self.finder, commit.tree, &parents, &mut Vec::new(), 0, &mut changed);
            if unreadable > 0 {
                self.note(format!("commit {id}"), "some of its trees cannot be read");
            }
            let origination = Origination {
                commit: Some(id.to_string()),
                author: Some(escape_path(&commit.author)),
                email: Some(escape_path(&commit.email)),
                date: commit.date,
                ..Origination::default()
            };
            for change in changed {
                self.change(&change, &origination, &tips, collector);
            }
        }
    }

    fn change(&mut self, change: &Change, origination: &Origination, tips: &[ObjectId], collector: &mut Collector) {
        let mut located = self.values(change.id, &change.path, true);
        located.retain(|one| collector.wants(one));
        if located.is_empty() {
            return;
        }
        // A value that stood here before was brought by an earlier commit.
        for before in &change.before {
            let old = self.values(*before, &change.path, false);
            located.retain(|one| !old.iter().any(|other| other.body.value == one.body.value));
        }
        located.retain(|one| self.seen.insert((one.body.origin, one.body.value.clone(), change.path.clone())));
        for one in located {
            let mut origination = origination.clone();
            if !tips.is_empty() {
                origination.present = Some(self.stands(&one, &change.path, tips));
            }
            collector.add(&change.path, vec![one], &origination);
        }
    }

    /// Says whether a value still stands at a path of one of the trees.
    fn stands(&mut self, one: &Located, path: &[u8], trees: &[ObjectId]) -> bool {
        trees.iter().any(|tree| {
            self.blob_at(*tree, path)
                .is_some_and(|blob| self.values(blob, path, false).iter().any(|other| other.body.value == one.body.value))
        })
    }

    fn blob_at(&mut self, tree: ObjectId, path: &[u8]) -> Option<ObjectId> {
        let mut id = tree;
        for part in path.split(|&byte| byte == b'/') {
            id = self.finder.tree(id)?.into_iter().find(|entry| entry.name == part)?.id;
        }
        Some(id)
    }

    fn values(&mut self, id: ObjectId, path: &[u8], is_new: bool) -> Vec<Located> {
        let key = (id, path.to_vec());
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let file = FileContext { path, kind: FileKind::of_path(path) };
        let located = match self.finder.blob(id, self.bytes_max) {
            Ok(text) => {
                let mut notes = Vec::new();
                let state = self.scanner.scan(text, &file, None);
                let located = self.scanner.locate(text, &state, path, &mut notes);
                if is_new {
                    self.ranged.scanned.documents += 1;
                    self.ranged.scanned.bytes += text.len() as u64;
                    for (inner, why) in notes {
                        self.note(inside(path, &inner), &why);
                    }
                }
                select(located)
            }
            Err(why) => {
                if is_new {
                    self.note(escape_path(path), why);
                }
                Vec::new()
            }
        };
        self.known.insert(key, located.clone());
        located
    }

    fn note(&mut self, what: String, why: &str) {
        self.ranged.incomplete.push(Incomplete { what, why: why.to_owned() });
    }
}
