//! One pack with the tree of its deltas.

use super::mapping::Mapping;
use gix::odb::pack::data::entry::Header;
use gix::odb::pack::{data, index};
use gix::{hash, oid};
use std::path::{Path, PathBuf};

/// A pack beside its index.
///
/// The pack itself is read through a [`Mapping`].
pub(crate) struct Pack {
    pub(crate) index: index::File,
    pub(super) path: PathBuf,
    pub(super) kind: hash::Kind,
    /// The number of its first object among all objects.
    pub(crate) first: u32,
    /// The first eight bytes of each id, in order.
    starts: Vec<u64>,
}

/// No entry.
pub(crate) const NONE: u32 = u32::MAX;

/// The entries of a pack in the order of the pack, linked from delta bases to what is made of them.
pub(crate) struct DeltaTree {
    /// Offset in the pack and number in the index.
    pub(crate) entries: Vec<(u64, u32)>,
    first_child: Vec<u32>,
    next_sibling: Vec<u32>,
    /// Blobs that are stored whole.
    pub(crate) blobs: Vec<u32>,
    /// Trees, commits and tags that are stored whole.
    pub(crate) others: Vec<u32>,
    /// Entries that cannot be read, with the reason.
    pub(crate) broken: Vec<(u32, String)>,
}

impl Pack {
    /// Opens a pack by the path of its index.
    ///
    /// # Errors
    /// When either file is unreadable or they do not fit together.
    pub(crate) fn open(path: &Path, kind: hash::Kind, first: u32) -> Result<Self, String> {
        let index = index::File::at(path, kind).map_err(|error| error.to_string())?;
        let path = path.with_extension("pack");
        let data = data::File::at(&path, kind).map_err(|error| error.to_string())?;
        if data.num_objects() != index.num_objects() {
            return Err("the pack and its index hold different numbers of objects".to_owned());
        }
        let starts = (0..index.num_objects()).map(|entry| start(index.oid_at_index(entry))).collect();
        Ok(Self { index, path, kind, first, starts })
    }

    /// Returns the number of an object within the pack.
    ///
    /// Ids are spread evenly, so where one stands follows from its value but for a few places.
    pub(crate) fn lookup(&self, id: &oid) -> Option<u32> {
        let wanted = start(id);
        let count = self.starts.len();
        let guess = ((u128::from(wanted) * count as u128) >> 64) as usize;
        let (mut low, mut high, mut step) = (guess, guess, 16);
        while low > 0 && self.starts.get(low).is_none_or(|start| *start >= wanted) {
            low = low.saturating_sub(step);
            step *= 2;
        }
        step = 16;
        while high < count && self.starts.get(high).is_some_and(|start| *start <= wanted) {
            high = (high + step).min(count);
            step *= 2;
        }
        let part = self.starts.get(low..high)?;
        let first = low + part.partition_point(|start| *start < wanted);
        let same = self.starts.iter().skip(first).take_while(|start| **start == wanted).count();
        let numbers = first..first + same;
        numbers.filter_map(|at| u32::try_from(at).ok()).find(|at| self.index.oid_at_index(*at) == id)
    }

    /// Reads all entry headers and links them.
    pub(crate) fn delta_tree(&self) -> DeltaTree {
        let mut entries: Vec<(u64, u32)> =
            (0..self.index.num_objects()).map(|entry| (self.index.pack_offset_at_index(entry), entry)).collect();
        entries.sort_unstable();
        let mut tree = DeltaTree {
            first_child: vec![NONE; entries.len()],
            next_sibling: vec![NONE; entries.len()],
            entries,
            blobs: Vec::new(),
            others: Vec::new(),
            broken: Vec::new(),
        };
        // In reverse, so that children end up linked in the order of the pack.
        let mut mapping = Mapping::new(self, 1);
        for at in (0..tree.entries.len()).rev() {
            let Some(&(offset, _)) = tree.entries.get(at) else {
                continue;
            };
            let node = u32::try_from(at).unwrap_or(NONE);
            match mapping.entry(offset) {
                Ok(entry) => match entry.header {
                    Header::Blob => tree.blobs.push(node),
                    Header::Tree | Header::Commit | Header::Tag => tree.others.push(node),
                    Header::OfsDelta { base_distance } => {
                        let base = offset.checked_sub(base_distance).and_then(|base| tree.before(at, base));
                        tree.link(node, base);
                    }
                    Header::RefDelta { base_id } => {
                        let base = self.lookup(&base_id).map(|base| self.index.pack_offset_at_index(base));
                        let base = base.and_then(|base| tree.at_offset(base));
                        tree.link(node, base);
                    }
                },
                Err(why) => tree.broken.push((node, why)),
            }
        }
        tree.blobs.reverse();
        tree.others.reverse();
        tree
    }
}

/// Returns the first eight bytes of an id as a number.
fn start(id: &oid) -> u64 {
    id.as_bytes().iter().take(8).fold(0, |start, &byte| start << 8 | u64::from(byte))
}

impl DeltaTree {
    /// Returns the entries that are deltas of `node`.
    pub(crate) fn children(&self, node: u32) -> Children<'_> {
        Children { tree: self, next: self.first_child.get(node as usize).copied().unwrap_or(NONE) }
    }

    pub(crate) fn sibling_after(&self, node: u32) -> u32 {
        self.next_sibling.get(node as usize).copied().unwrap_or(NONE)
    }

    pub(crate) fn first_child(&self, node: u32) -> u32 {
        self.first_child.get(node as usize).copied().unwrap_or(NONE)
    }

    fn link(&mut self, node: u32, base: Option<u32>) {
        let Some(first) = base.and_then(|base| self.first_child.get_mut(base as usize)) else {
            self.broken.push((node, "its delta base is missing".to_owned()));
            return;
        };
        let sibling = std::mem::replace(first, node);
        if let Some(next) = self.next_sibling.get_mut(node as usize) {
            *next = sibling;
        }
    }

    /// Finds an earlier entry by its offset; bases are usually near, so the search widens from `at`.
    fn before(&self, at: usize, offset: u64) -> Option<u32> {
        let mut step = 8;
        let (mut low, mut high) = (at.saturating_sub(step), at);
        while low > 0 && self.entries.get(low).is_some_and(|entry| entry.0 > offset) {
            high = low;
            step *= 4;
            low = low.saturating_sub(step);
        }
        let part = self.entries.get(low..high)?;
        let found = part.binary_search_by_key(&offset, |entry| entry.0).ok()?;
        u32::try_from(low + found).ok()
    }

    fn at_offset(&self, offset: u64) -> Option<u32> {
        let found = self.entries.binary_search_by_key(&offset, |entry| entry.0).ok()?;
        u32::try_from(found).ok()
    }
}

/// Walks the children of an entry.
pub(crate) struct Children<'a> {
    tree: &'a DeltaTree,
    next: u32,
}

impl Iterator for Children<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let node = self.next;
        if node == NONE {
            return None;
        }
        self.next = self.tree.sibling_after(node);
        Some(node)
    }
}
