//! Finds what is staged: entries of the index that differ from `HEAD`.

use super::changes::Change;
use super::finder::{Entry, Finder};
use super::range::Error;
use gix::ObjectId;
use gix::index::{State, entry, extension::Tree};
use std::path::Path;

/// Returns the staged blobs of `repo`, each with the one of `HEAD`; `index_file` stands in for the repository's index.
///
/// # Errors
/// When the index cannot be read.
pub(crate) fn staged(repo: &gix::Repository, index_file: Option<&Path>, finder: &mut Finder) -> Result<Vec<Change>, Error> {
    let path = index_file.map_or_else(|| repo.index_path(), Path::to_owned);
    if !path.exists() {
        return Ok(Vec::new());
    }
    // A commit of named files is prepared in an index of its own, which git tells its hooks.
    let index = gix::index::File::at(path, repo.object_hash(), false, gix::index::decode::Options::default())
        .map_err(|error| Error::Index(error.to_string()))?;
    let head = repo.head_tree_id().ok().map(gix::Id::detach);
    let mut walk = Walk { state: &index, finder, changed: Vec::new() };
    let all = 0..index.entries().len();
    walk.folder(all, 0, head, index.tree());
    Ok(walk.changed)
}

struct Walk<'a> {
    state: &'a State,
    finder: &'a mut Finder,
    changed: Vec<Change>,
}

impl Walk<'_> {
    /// Compares the entries `range`, which share the first `prefix` bytes of their paths, with a tree.
    fn folder(&mut self, range: std::ops::Range<usize>, prefix: usize, tree: Option<ObjectId>, cached: Option<&Tree>) {
        // The index remembers the ids of folders that nobody touched: most of a large repository ends here.
        if let (Some(tree), Some(cached)) = (tree, cached)
            && cached.num_entries.is_some()
            && cached.id == tree
        {
            return;
        }
        let committed: Vec<Entry> = tree.and_then(|tree| self.finder.tree(tree)).unwrap_or_default();
        let mut at = range.start;
        while at < range.end {
            let Some(one) = self.state.entries().get(at) else {
                return;
            };
            let path = one.path(self.state).to_vec();
            let rest = path.get(prefix..).unwrap_or_default();
            let Some(slash) = memchr::memchr(b'/', rest) else {
                self.file(one, path.clone(), rest, &committed);
                at += 1;
                continue;
            };
            let name = rest.get(..slash).unwrap_or_default();
            let folder = path.get(..=prefix + slash).unwrap_or_default();
            let inside = self.state.entries().get(at..range.end).unwrap_or_default();
            let count = inside.partition_point(|entry| entry.path(self.state).starts_with(folder)).max(1);
            let below = committed.iter().find(|entry| entry.is_tree && entry.name == name).map(|entry| entry.id);
            let cached = cached.and_then(|tree| tree.children.iter().find(|child| child.name.as_slice() == name));
            self.folder(at..at + count, folder.len(), below, cached);
            at += count;
        }
    }

    fn file(&mut self, one: &gix::index::Entry, path: Vec<u8>, name: &[u8], committed: &[Entry]) {
        let is_file = one.mode.contains(entry::Mode::FILE) || one.mode.contains(entry::Mode::FILE_EXECUTABLE);
        if !is_file || one.flags.contains(entry::Flags::INTENT_TO_ADD) {
            return;
        }
        let before = committed.iter().find(|entry| !entry.is_tree && entry.name == name).map(|entry| entry.id);
        if before != Some(one.id) {
            self.changed.push(Change { path, id: one.id, before: before.into_iter().collect() });
        }
    }
}
