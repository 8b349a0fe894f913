//! Where values came from: the trees and commits that hold the blobs in which something was found.

use super::leading::leading;
use super::pack::NONE;
use super::trees::{CommitRecord, TreeRecord};
use std::collections::{HashMap, HashSet};

/// The trees that lead to hits, and all commits.
pub(crate) struct Graph {
    commits: Vec<CommitRecord>,
    /// From object number to place in `commits`.
    commit_at: HashMap<u32, u32>,
    /// From object number to the entries that are hits or lead to some, as (name, child).
    trees: HashMap<u32, Box<[(u32, u32)]>>,
    /// Positions in `commits`, parents before children.
    order: Vec<u32>,
}

/// A blob that a commit brought to a path.
#[derive(Debug)]
pub(crate) struct Introduction {
    pub(crate) blob: u32,
    /// Names, outermost first.
    pub(crate) path: Box<[u32]>,
    /// The commit's object number.
    pub(crate) commit: u32,
}

/// Trees deeper than this are not followed.
const DEPTH_MAX: usize = 256;

impl Graph {
    /// Keeps of `trees` what leads to `hits`; objects have numbers below `objects`. A base stands before the trees that are made
    /// of it.
    pub(crate) fn new(trees: &[TreeRecord], commits: Vec<CommitRecord>, hits: &HashSet<u32>, objects: u32) -> Self {
        let commit_at =
            commits.iter().enumerate().map(|(at, commit)| (commit.number, u32::try_from(at).unwrap_or(NONE))).collect();
        let mut graph = Self { trees: leading(trees, hits, objects), commits, commit_at, order: Vec::new() };
        graph.order = graph.topological();
        graph
    }

    /// Calls `each` for every blob that a commit brought to a path where none of its parents had it, parents before children.
    pub(crate) fn introductions(&self, mut each: impl FnMut(Introduction)) {
        for &at in &self.order {
            let Some(commit) = self.commits.get(at as usize) else {
                continue;
            };
            let parents: Vec<u32> = commit.parents.iter().filter_map(|parent| Some(self.commit(*parent)?.tree)).collect();
            if !parents.contains(&commit.tree) {
                self.brought(commit.tree, &parents, commit.number, &mut Vec::new(), &mut each);
            }
        }
    }

    /// Calls `each` with every hit and its path in the tree of `commit`.
    pub(crate) fn present(&self, commit: u32, mut each: impl FnMut(Introduction)) {
        if let Some(record) = self.commit(commit) {
            self.brought(record.tree, &[], commit, &mut Vec::new(), &mut each);
        }
    }

    /// Returns the commits that `tips` reach.
    pub(crate) fn reachable(&self, tips: impl Iterator<Item = u32>) -> HashSet<u32> {
        let mut reached: HashSet<u32> = HashSet::new();
        let mut waiting: Vec<u32> = tips.collect();
        while let Some(number) = waiting.pop() {
            if let Some(commit) = self.commit(number)
                && reached.insert(number)
            {
                waiting.extend(commit.parents.iter().copied());
            }
        }
        reached
    }

    fn commit(&self, number: u32) -> Option<&CommitRecord> {
        self.commits.get(*self.commit_at.get(&number)? as usize)
    }

    fn brought(&self, tree: u32, parents: &[u32], commit: u32, path: &mut Vec<u32>, each: &mut impl FnMut(Introduction)) {
        let Some(entries) = self.trees.get(&tree) else {
            return;
        };
        for &(name, child) in entries {
            let before: Vec<u32> = parents.iter().filter_map(|parent| self.child(*parent, name)).collect();
            if before.contains(&child) || path.len() >= DEPTH_MAX {
                continue;
            }
            path.push(name);
            if self.trees.contains_key(&child) {
                self.brought(child, &before, commit, path, each);
            } else {
                each(Introduction { blob: child, path: path.as_slice().into(), commit });
            }
            path.pop();
        }
    }

    fn child(&self, tree: u32, name: u32) -> Option<u32> {
        self.trees.get(&tree)?.iter().find(|entry| entry.0 == name).map(|entry| entry.1)
    }

    /// Orders the commits so that parents stand before children, older ones first where both would do.
    fn topological(&self) -> Vec<u32> {
        let mut waits: Vec<u32> = Vec::with_capacity(self.commits.len());
        let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
        for (at, commit) in self.commits.iter().enumerate() {
            let known = commit.parents.iter().filter(|parent| self.commit_at.contains_key(parent));
            let mut count = 0;
            for parent in known {
                children.entry(*parent).or_default().push(u32::try_from(at).unwrap_or(NONE));
                count += 1;
            }
            waits.push(count);
        }
        let seconds = |at: u32| self.commits.get(at as usize).map_or(0, |commit| commit.seconds);
        let mut ready: std::collections::BinaryHeap<std::cmp::Reverse<(i64, u32)>> = waits
            .iter()
            .enumerate()
            .filter(|(_, count)| **count == 0)
            .map(|(at, _)| u32::try_from(at).unwrap_or(NONE))
            .map(|at| std::cmp::Reverse((seconds(at), at)))
            .collect();
        let mut order = Vec::with_capacity(self.commits.len());
        while let Some(std::cmp::Reverse((_, at))) = ready.pop() {
            order.push(at);
            let Some(commit) = self.commits.get(at as usize) else {
                continue;
            };
            for &child in children.get(&commit.number).into_iter().flatten() {
                if let Some(count) = waits.get_mut(child as usize) {
                    *count = count.saturating_sub(1);
                    if *count == 0 {
                        ready.push(std::cmp::Reverse((seconds(child), child)));
                    }
                }
            }
        }
        order
    }
}
