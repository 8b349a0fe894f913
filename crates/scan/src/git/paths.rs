//! Names and one path for every object.

use super::pack::NONE;
use crate::generic::{FileContext, FileKind};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// File names, each kept once.
pub(crate) struct Names {
    shards: Vec<Mutex<HashMap<Box<[u8]>, u32>>>,
    next: AtomicU32,
}

impl Names {
    pub(crate) fn new() -> Self {
        Self { shards: (0..16).map(|_| Mutex::default()).collect(), next: AtomicU32::new(0) }
    }

    /// Returns the number of a name.
    pub(crate) fn intern(&self, name: &[u8]) -> u32 {
        let hash = name.iter().fold(name.len(), |hash, &byte| hash.wrapping_mul(31).wrapping_add(usize::from(byte)));
        let Some(shard) = self.shards.get(hash % self.shards.len()) else {
            return NONE;
        };
        let Ok(mut shard) = shard.lock() else {
            return NONE;
        };
        if let Some(&number) = shard.get(name) {
            return number;
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        shard.insert(name.into(), number);
        number
    }

    /// Returns the names by their numbers.
    pub(crate) fn into_list(self) -> Vec<Box<[u8]>> {
        let mut list = vec![Box::default(); self.next.load(Ordering::Relaxed) as usize];
        for shard in self.shards {
            for (name, number) in shard.into_inner().unwrap_or_default() {
                if let Some(slot) = list.get_mut(number as usize) {
                    *slot = name;
                }
            }
        }
        list
    }
}

/// For every object one tree that holds it, and its name there.
pub(crate) struct Parents(Vec<AtomicU64>);

impl Parents {
    pub(crate) fn new(objects: u32) -> Self {
        Self((0..objects).map(|_| AtomicU64::new(u64::MAX)).collect())
    }

    /// Notes that `tree` holds `child`; of several trees the one with the lowest number stays, whatever the order.
    pub(crate) fn add(&self, child: u32, tree: u32, name: u32) {
        if let Some(slot) = self.0.get(child as usize) {
            slot.fetch_min(u64::from(tree) << 32 | u64::from(name), Ordering::Relaxed);
        }
    }

    fn of(&self, child: u32) -> Option<(u32, u32)> {
        let slot = self.0.get(child as usize)?.load(Ordering::Relaxed);
        (slot != u64::MAX).then_some(((slot >> 32) as u32, slot as u32))
    }
}

/// A path with what follows from it.
#[derive(Debug)]
pub(crate) struct Named {
    path: Vec<u8>,
    kind: FileKind,
}

impl Named {
    fn of(path: Vec<u8>) -> Self {
        let kind = FileKind::of_path(&path);
        Self { path, kind }
    }

    /// Returns what the generic scanner is told.
    pub(crate) fn context(&self) -> FileContext<'_> {
        FileContext { path: &self.path, kind: self.kind }
    }
}

/// Puts paths together. The versions of a file are many, its paths few: each is made once.
pub(crate) struct Paths<'a> {
    parents: &'a Parents,
    names: &'a [Box<[u8]>],
    /// For each tree the number of its folder, [`NONE`] while that is not known.
    folder_of: Vec<u32>,
    folders: Vec<Box<[u8]>>,
    /// By the folder above and the name.
    known: HashMap<(u32, u32), u32>,
    files: HashMap<(u32, u32), Arc<Named>>,
    nowhere: Arc<Named>,
}

/// Deeper trees than this are cut: no file system would hold them.
const DEPTH_MAX: usize = 256;
/// The folder of a tree that no other holds.
const TOP: u32 = 0;

impl<'a> Paths<'a> {
    pub(crate) fn new(parents: &'a Parents, names: &'a [Box<[u8]>]) -> Self {
        let folder_of = vec![NONE; parents.0.len()];
        let (folders, known, files) = (vec![Box::default()], HashMap::new(), HashMap::new());
        Self { parents, names, folder_of, folders, known, files, nowhere: Arc::new(Named::of(Vec::new())) }
    }

    /// Returns one path of an object; empty when no tree holds it.
    pub(crate) fn of(&mut self, number: u32) -> Arc<Named> {
        let Some((tree, name)) = self.parents.of(number) else {
            return self.nowhere.clone();
        };
        let folder = self.folder(tree);
        let (folders, names) = (&self.folders, self.names);
        let file = self.files.entry((folder, name)).or_insert_with(|| {
            let mut path = folders.get(folder as usize).map_or_else(Vec::new, |folder| folder.to_vec());
            path.extend_from_slice(names.get(name as usize).map_or(b"", |name| name));
            Arc::new(Named::of(path))
        });
        file.clone()
    }

    /// Returns the number of a tree's folder.
    fn folder(&mut self, tree: u32) -> u32 {
        // The trees from here up to one whose folder is known, with their names.
        let mut chain: Vec<(u32, u32)> = Vec::new();
        let (mut at, mut folder) = (tree, TOP);
        while let Some(&known) = self.folder_of.get(at as usize) {
            if known != NONE {
                folder = known;
                break;
            }
            match self.parents.of(at) {
                Some((above, name)) if chain.len() < DEPTH_MAX => {
                    chain.push((at, name));
                    at = above;
                }
                _ => {
                    if let Some(slot) = self.folder_of.get_mut(at as usize) {
                        *slot = TOP;
                    }
                    break;
                }
            }
        }
        for (tree, name) in chain.into_iter().rev() {
            folder = self.below(folder, name);
            if let Some(slot) = self.folder_of.get_mut(tree as usize) {
                *slot = folder;
            }
        }
        folder
    }

    fn below(&mut self, above: u32, name: u32) -> u32 {
        if let Some(&folder) = self.known.get(&(above, name)) {
            return folder;
        }
        let mut path = self.folders.get(above as usize).map_or_else(Vec::new, |path| path.to_vec());
        path.extend_from_slice(self.names.get(name as usize).map_or(b"", |name| name));
        path.push(b'/');
        let folder = u32::try_from(self.folders.len()).unwrap_or(TOP);
        self.folders.push(path.into());
        self.known.insert((above, name), folder);
        folder
    }
}
