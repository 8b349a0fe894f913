//! The blobs that a commit changed.

use super::finder::{Entry, Finder};
use gix::ObjectId;

/// A blob at a path, with what stood there before.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) path: Vec<u8>,
    pub(crate) id: ObjectId,
    /// The blobs of the parents at this path.
    pub(crate) before: Vec<ObjectId>,
}

/// Trees deeper than this are not followed.
const DEPTH_MAX: usize = 256;

/// Appends the blobs below `tree` that none of `parents` has at the same path; says how many trees cannot be read.
pub(crate) fn changes(
    finder: &mut Finder,
    tree: ObjectId,
    parents: &[ObjectId],
    path: &mut Vec<u8>,
    depth: usize,
    changed: &mut Vec<Change>,
) -> u64 {
    if parents.contains(&tree) {
        return 0;
    }
    let Some(entries) = finder.tree(tree).filter(|_| depth < DEPTH_MAX) else {
        return 1;
    };
    let parents: Vec<Vec<Entry>> = parents.iter().filter_map(|parent| finder.tree(*parent)).collect();
    let mut unreadable = 0;
    for entry in entries {
        let before: Vec<&Entry> =
            parents.iter().filter_map(|parent| parent.iter().find(|other| other.name == entry.name)).collect();
        if before.iter().any(|other| other.id == entry.id) {
            continue;
        }
        let before: Vec<ObjectId> =
            before.into_iter().filter(|other| other.is_tree == entry.is_tree).map(|other| other.id).collect();
        let len = path.len();
        path.extend_from_slice(&entry.name);
        if entry.is_tree {
            path.push(b'/');
            unreadable += changes(finder, entry.id, &before, path, depth + 1, changed);
        } else {
            changed.push(Change { path: path.clone(), id: entry.id, before });
        }
        path.truncate(len);
    }
    unreadable
}
