//! All objects of a repository: packs, loose objects, alternates, a push's quarantine.

use super::pack::Pack;
use crate::redact::escape_path;
use crate::report::Incomplete;
use crate::source::path_bytes;
use gix::odb::loose;
use gix::{ObjectId, hash, oid};
use std::path::{Path, PathBuf};

/// Opens the repository at `path`, bare or not, without the configuration of the user or the system.
///
/// Returns `None` when there is none at exactly this path.
pub(crate) fn open(path: &Path) -> Option<gix::Repository> {
    let options = gix::open::Options::isolated().with(gix::sec::Trust::Full);
    options.open(path).ok().map(Into::into)
}

/// Opens the repository at `path` or at the nearest folder above it.
pub(crate) fn discover(path: &Path) -> Option<gix::Repository> {
    let path = path.canonicalize().ok()?;
    path.ancestors().take(64).find_map(open)
}

/// Returns the folder of the hooks of the repository at or above `path`: the one beside its objects.
pub fn hooks_folder(path: &Path) -> Option<PathBuf> {
    Some(discover(path)?.common_dir().join("hooks"))
}

/// Every object of a repository, each with a number: first those of the packs, then the loose ones.
pub(crate) struct Objects {
    pub(crate) packs: Vec<Pack>,
    pub(crate) loose: Vec<(ObjectId, u32)>,
    stores: Vec<loose::Store>,
    loose_first: u32,
    kind: hash::Kind,
    pub(crate) incomplete: Vec<Incomplete>,
}

impl Objects {
    /// Lists the objects of `repo`, those of `quarantine` included.
    pub(crate) fn of(repo: &gix::Repository, quarantine: &[PathBuf]) -> Self {
        let kind = repo.object_hash();
        let mut incomplete = Vec::new();
        let main = repo.git_dir_objects();
        let mut folders = vec![main.clone()];
        folders.extend(quarantine.iter().cloned());
        let here = std::env::current_dir().unwrap_or_default();
        for folder in folders.clone() {
            match gix::odb::alternate::resolve(folder.clone(), &here) {
                Ok(others) => folders.extend(others),
                Err(error) => incomplete.push(failed(&folder, error)),
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        folders.retain(|folder| seen.insert(folder.canonicalize().unwrap_or_else(|_| folder.clone())));
        let mut objects = Self { packs: Vec::new(), loose: Vec::new(), stores: Vec::new(), loose_first: 0, kind, incomplete };
        for folder in &folders {
            objects.add_packs(folder, kind);
        }
        for folder in &folders {
            objects.add_loose(folder, kind);
        }
        objects.loose.sort_unstable();
        objects.loose.dedup_by_key(|one| one.0);
        objects
    }

    /// Returns the kind of hash that names the objects.
    pub(crate) fn kind(&self) -> hash::Kind {
        self.kind
    }

    /// Returns how many numbers there are.
    pub(crate) fn len(&self) -> u32 {
        self.loose_first.saturating_add(u32::try_from(self.loose.len()).unwrap_or(u32::MAX))
    }

    /// Returns the number of an object; of several copies, always the same one.
    pub(crate) fn number(&self, id: &oid) -> Option<u32> {
        for pack in &self.packs {
            if let Some(entry) = pack.lookup(id) {
                return Some(pack.first + entry);
            }
        }
        let at = self.loose.binary_search_by(|one| one.0.as_slice().cmp(id.as_bytes())).ok()?;
        Some(self.loose_first + u32::try_from(at).ok()?)
    }

    /// Returns the id of the object with `number`.
    pub(crate) fn id(&self, number: u32) -> Option<ObjectId> {
        if number >= self.loose_first {
            return self.loose.get((number - self.loose_first) as usize).map(|one| one.0);
        }
        let at = self.packs.partition_point(|pack| pack.first <= number).checked_sub(1)?;
        let pack = self.packs.get(at)?;
        Some(pack.index.oid_at_index(number - pack.first).to_owned())
    }

    /// Says whether `number` is the copy that [`Objects::number`] returns.
    pub(crate) fn is_first(&self, number: u32) -> bool {
        // With one pack and no loose objects there are no copies.
        if self.packs.len() + usize::from(!self.loose.is_empty()) <= 1 {
            return true;
        }
        self.id(number).is_some_and(|id| self.number(&id) == Some(number))
    }

    /// Returns the number of a loose object by its position.
    pub(crate) fn loose_number(&self, at: usize) -> u32 {
        self.loose_first.saturating_add(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// Reads a loose object of a wanted kind; one of another kind is left unread.
    ///
    /// # Errors
    /// When it cannot be read or is larger than `limit`.
    pub(crate) fn read_loose(
        &self,
        at: usize,
        wanted: impl Fn(gix::objs::Kind) -> bool,
        limit: u64,
        text: &mut Vec<u8>,
    ) -> Result<Option<gix::objs::Kind>, String> {
        let (id, store) = self.loose.get(at).ok_or("no such object")?;
        let store = self.stores.get(*store as usize).ok_or("no such folder")?;
        let (size, kind) = store.try_header(id).map_err(|error| error.to_string())?.ok_or("is gone")?;
        if !wanted(kind) {
            return Ok(None);
        }
        if size > limit {
            return Err("larger than the limit for one file".to_owned());
        }
        text.clear();
        store.try_find(id, text).map_err(|error| error.to_string())?.ok_or("is gone")?;
        Ok(Some(kind))
    }

    fn add_packs(&mut self, folder: &Path, kind: hash::Kind) {
        let Ok(entries) = std::fs::read_dir(folder.join("pack")) else {
            return;
        };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "idx"));
        // The largest pack first: most look-ups end there.
        paths.sort_by_cached_key(|path| {
            (std::cmp::Reverse(path.with_extension("pack").metadata().map_or(0, |meta| meta.len())), path.clone())
        });
        for path in paths {
            match Pack::open(&path, kind, self.loose_first) {
                Ok(pack) => {
                    self.loose_first = self.loose_first.saturating_add(pack.index.num_objects());
                    self.packs.push(pack);
                }
                Err(error) => self.incomplete.push(failed(&path, error)),
            }
        }
    }

    fn add_loose(&mut self, folder: &Path, kind: hash::Kind) {
        if !folder.is_dir() {
            self.incomplete.push(failed(folder, "the folder of objects is missing"));
            return;
        }
        let store = loose::Store::at(folder, kind);
        let number = u32::try_from(self.stores.len()).unwrap_or(u32::MAX);
        for id in store.iter() {
            match id {
                Ok(id) => self.loose.push((id, number)),
                Err(error) => self.incomplete.push(failed(folder, error)),
            }
        }
        self.stores.push(store);
    }
}

/// Where a repository keeps its objects.
trait ObjectFolder {
    fn git_dir_objects(&self) -> PathBuf;
}

impl ObjectFolder for gix::Repository {
    fn git_dir_objects(&self) -> PathBuf {
        self.common_dir().join("objects")
    }
}

fn failed(path: &Path, why: impl std::fmt::Display) -> Incomplete {
    Incomplete { what: escape_path(&path_bytes(path)), why: why.to_string() }
}
