//! Names and one path for every object.

use super::pack::NONE;
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

/// Puts paths together.
pub(crate) struct Paths<'a> {
    pub(crate) parents: &'a Parents,
    pub(crate) names: &'a [Box<[u8]>],
    folders: HashMap<u32, Arc<[u8]>>,
}

/// Deeper trees than this are cut: no file system would hold them.
const DEPTH_MAX: usize = 256;

impl<'a> Paths<'a> {
    pub(crate) fn new(parents: &'a Parents, names: &'a [Box<[u8]>]) -> Self {
        Self { parents, names, folders: HashMap::new() }
    }

    /// Returns one path of an object; empty when no tree holds it.
    pub(crate) fn of(&mut self, number: u32) -> Vec<u8> {
        let Some((tree, name)) = self.parents.of(number) else {
            return Vec::new();
        };
        let mut path = self.folder(tree, 0).to_vec();
        path.extend_from_slice(self.names.get(name as usize).map_or(b"", |name| name));
        path
    }

    fn folder(&mut self, tree: u32, depth: usize) -> Arc<[u8]> {
        if let Some(path) = self.folders.get(&tree) {
            return path.clone();
        }
        let path: Arc<[u8]> = match self.parents.of(tree) {
            Some((above, name)) if depth < DEPTH_MAX => {
                let mut path = self.folder(above, depth + 1).to_vec();
                path.extend_from_slice(self.names.get(name as usize).map_or(b"", |name| name));
                path.push(b'/');
                path.into()
            }
            _ => Arc::from(&b""[..]),
        };
        self.folders.insert(tree, path.clone());
        path
    }
}
