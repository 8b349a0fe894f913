//! Reads all trees and commits of a repository once, as compactly as the pack stores them.
//!
//! A tree that is a delta shares most entries with its base. Copies are kept as copies: the entries of the base are neither
//! parsed nor looked up again.

use super::objects::Objects;
use super::pack::NONE;
use super::paths::{Names, Parents};
use super::walk::{Base, Visit};
use crate::text::Segment;
use gix::objs::CommitRef;
use std::ops::Range;

/// How the entries of a tree come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// So many entries of the base, from this one on.
    Copy { from: u32, count: u32 },
    /// One entry. `child` is [`NONE`] for a submodule or an object that is missing.
    New { name: u32, child: u32 },
}

/// One tree.
#[derive(Debug)]
pub(crate) struct TreeRecord {
    pub(crate) number: u32,
    /// The record of its base.
    pub(crate) base: u32,
    pub(crate) steps: Box<[Step]>,
}

/// One commit. Times are those of the committer, in seconds of the Unix epoch.
#[derive(Debug)]
pub(crate) struct CommitRecord {
    pub(crate) number: u32,
    pub(crate) tree: u32,
    pub(crate) parents: Box<[u32]>,
    pub(crate) seconds: i64,
}

/// Everything that one thread has read.
pub(crate) struct TreeReader<'a> {
    pub(crate) objects: &'a Objects,
    pub(crate) names: &'a Names,
    pub(crate) parents: &'a Parents,
    /// The number of the pack's first object, and its entries.
    pub(crate) first: u32,
    pub(crate) entries: &'a [(u64, u32)],
    pub(crate) trees: Vec<TreeRecord>,
    pub(crate) commits: Vec<CommitRecord>,
    /// How many entries point to objects that are not there.
    pub(crate) missing: u64,
    pub(crate) broken: Vec<(u32, String)>,
}

/// What a delta of a tree needs of it.
pub(crate) struct TreeState {
    record: u32,
    /// Where each entry starts, and where the last one ends.
    starts: Vec<u32>,
}

impl Visit for TreeReader<'_> {
    type State = Option<TreeState>;

    fn visit(&mut self, node: u32, text: &[u8], base: Option<Base<'_, Self::State>>) -> Self::State {
        let number = self.entries.get(node as usize).map_or(NONE, |entry| self.first + entry.1);
        // The kind of a delta is that of its root, which is not told here: commits start with a header line.
        if text.starts_with(b"tree ") && text.get(45) == Some(&b'\n') {
            self.commit(number, text);
            return None;
        }
        if text.starts_with(b"object ") {
            // A tag.
            return None;
        }
        let base = base.and_then(|base| Some((base.state.as_ref()?, base.segments)));
        self.tree(number, text, base)
    }

    fn failed(&mut self, node: u32, why: String) {
        self.broken.push((self.entries.get(node as usize).map_or(NONE, |entry| self.first + entry.1), why));
    }
}

impl TreeReader<'_> {
    /// Reads a commit.
    pub(crate) fn commit(&mut self, number: u32, text: &[u8]) {
        let parsed = CommitRef::from_bytes(text, self.objects.kind());
        let Ok(commit) = parsed else {
            self.broken.push((number, "is no valid commit".to_owned()));
            return;
        };
        let Some(tree) = self.objects.number(&commit.tree()) else {
            self.missing += 1;
            return;
        };
        let parents = commit.parents().filter_map(|parent| self.objects.number(&parent)).collect();
        let seconds = commit.committer().ok().and_then(|who| who.time().ok()).map_or(0, |time| time.seconds);
        self.commits.push(CommitRecord { number, tree, parents, seconds });
    }

    /// Reads a tree.
    pub(crate) fn tree(&mut self, number: u32, text: &[u8], base: Option<(&TreeState, &[Segment])>) -> Option<TreeState> {
        let mut steps: Vec<Step> = Vec::new();
        let mut starts = Vec::with_capacity(base.map_or(32, |base| base.0.starts.len() + 2));
        let mut at = 0_u32;
        let len = u32::try_from(text.len()).ok()?;
        while at < len {
            if let Some((state, segments)) = base
                && let Some(copied) = copied_entries(state, segments, at)
            {
                let count = u32::try_from(copied.len()).ok()?;
                let from = u32::try_from(copied.start).ok()?;
                let source = *state.starts.get(copied.start)?;
                starts.extend(state.starts.get(copied.clone())?.iter().map(|start| start - source + at));
                at += state.starts.get(copied.end)? - source;
                steps.push(Step::Copy { from, count });
                continue;
            }
            let Some((name, id, is_link, end)) = entry(text, at, self.objects.kind().len_in_bytes()) else {
                self.broken.push((number, "is no valid tree".to_owned()));
                return None;
            };
            let child = if is_link { None } else { self.objects.number(id) };
            if child.is_none() && !is_link {
                self.missing += 1;
            }
            let name = self.names.intern(name);
            let child = child.unwrap_or(NONE);
            self.parents.add(child, number, name);
            steps.push(Step::New { name, child });
            starts.push(at);
            at = end;
        }
        starts.push(len);
        let record = u32::try_from(self.trees.len()).ok()?;
        let base = base.map_or(NONE, |base| base.0.record);
        self.trees.push(TreeRecord { number, base, steps: steps.into_boxed_slice() });
        Some(TreeState { record, starts })
    }
}

/// Returns the entries of the base that were copied whole to `at`.
fn copied_entries(state: &TreeState, segments: &[Segment], at: u32) -> Option<Range<usize>> {
    let index = segments.partition_point(|segment| segment.start <= at).checked_sub(1)?;
    let segment = segments.get(index)?;
    let source = segment.source? + (at - segment.start);
    let source_end = segment.source? + (segment.end - segment.start);
    let first = state.starts.binary_search(&source).ok()?;
    let last = state.starts.partition_point(|start| *start <= source_end).checked_sub(1)?;
    (last > first).then_some(first..last)
}

/// Reads the entry at `at`: name, id, whether it is a submodule, and where the next one starts.
pub(super) fn entry(text: &[u8], at: u32, hash_len: usize) -> Option<(&[u8], &gix::oid, bool, u32)> {
    let rest = text.get(at as usize..)?;
    let space = memchr::memchr(b' ', rest.get(..8.min(rest.len()))?)?;
    let nul = memchr::memchr(0, rest)?;
    let name = rest.get(space + 1..nul)?;
    let id = gix::oid::try_from_bytes(rest.get(nul + 1..nul + 1 + hash_len)?).ok()?;
    let end = at.checked_add(u32::try_from(nul + 1 + hash_len).ok()?)?;
    Some((name, id, rest.starts_with(b"160000"), end))
}
