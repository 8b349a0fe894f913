//! Reads single objects, in a push also those of its quarantine.

use gix::objs::{CommitRef, Find, Kind, TreeRefIter};
use gix::{ObjectId, odb};
use std::path::Path;

/// Finds objects by id in one or two object folders and their alternates.
pub(crate) struct Finder {
    quarantine: Option<odb::Handle>,
    main: odb::Handle,
    hash: gix::hash::Kind,
    buffer: Vec<u8>,
}

/// What is read of a commit.
pub(crate) struct Commit {
    pub(crate) tree: ObjectId,
    pub(crate) parents: Vec<ObjectId>,
    pub(crate) author: Vec<u8>,
    pub(crate) email: Vec<u8>,
    pub(crate) date: Option<String>,
}

/// An entry of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) name: Vec<u8>,
    pub(crate) id: ObjectId,
    pub(crate) is_tree: bool,
}

impl Finder {
    /// Reads from `repo`, and from the folder of a quarantine.
    ///
    /// # Errors
    /// When the quarantine is no folder.
    pub(crate) fn new(repo: &gix::Repository, quarantine: Option<&Path>) -> std::io::Result<Self> {
        let hash = repo.object_hash();
        let quarantine = quarantine.map(|folder| odb::at(folder, hash)).transpose()?;
        Ok(Self { quarantine, main: repo.objects.clone().into_inner(), hash, buffer: Vec::new() })
    }

    /// Says whether the object came with the push.
    pub(crate) fn is_quarantined(&self, id: ObjectId) -> bool {
        use gix::objs::Exists;
        self.quarantine.as_ref().is_some_and(|odb| odb.exists(&id)) && !self.main.exists(&id)
    }

    /// Reads an object; `None` when it is missing or broken.
    pub(crate) fn read(&mut self, id: ObjectId) -> Option<(Kind, &[u8])> {
        let mut found = None;
        if let Some(quarantine) = &self.quarantine {
            found = quarantine.try_find(&id, &mut self.buffer).ok().flatten().map(|data| data.kind);
        }
        if found.is_none() {
            found = self.main.try_find(&id, &mut self.buffer).ok().flatten().map(|data| data.kind);
        }
        Some((found?, &self.buffer))
    }

    /// Reads a blob of at most `limit` bytes.
    ///
    /// # Errors
    /// A reason for people, when it is missing, too large or no blob.
    pub(crate) fn blob(&mut self, id: ObjectId, limit: u64) -> Result<&[u8], &'static str> {
        use gix::odb::Header;
        let header = |odb: &dyn Header| odb.try_header(&id).ok().flatten().map(|header| header.size());
        let size = self.quarantine.as_ref().and_then(|odb| header(odb)).or_else(|| header(&self.main));
        match size {
            None => Err("is missing"),
            Some(size) if size > limit => Err("larger than the limit for one file"),
            Some(_) => match self.read(id) {
                Some((Kind::Blob, text)) => Ok(text),
                Some(_) => Err("is no blob"),
                None => Err("cannot be read"),
            },
        }
    }

    /// Reads a commit, through tags.
    pub(crate) fn commit(&mut self, id: ObjectId) -> Option<(ObjectId, Commit)> {
        let hash = self.hash;
        let mut id = id;
        // Tags of tags exist, endless chains of them do not.
        for _ in 0..8 {
            let (kind, text) = self.read(id)?;
            match kind {
                Kind::Tag => id = gix::objs::TagRef::from_bytes(text, hash).ok()?.target(),
                Kind::Commit => {
                    let commit = CommitRef::from_bytes(text, hash).ok()?;
                    let author = commit.author().ok();
                    return Some((
                        id,
                        Commit {
                            tree: commit.tree(),
                            parents: commit.parents().collect(),
                            author: author.map_or_else(Vec::new, |author| author.name.to_vec()),
                            email: author.map_or_else(Vec::new, |author| author.email.to_vec()),
                            date: author
                                .and_then(|author| author.time().ok())
                                .and_then(|time| time.format(gix::date::time::format::ISO8601_STRICT).ok()),
                        },
                    ));
                }
                _ => return None,
            }
        }
        None
    }

    /// Reads a tree; submodules and links are left out.
    pub(crate) fn tree(&mut self, id: ObjectId) -> Option<Vec<Entry>> {
        let hash = self.hash;
        let (kind, text) = self.read(id)?;
        if kind != Kind::Tree {
            return None;
        }
        let entries = TreeRefIter::from_bytes(text, hash).flatten().filter(|entry| entry.mode.is_tree() || entry.mode.is_blob());
        Some(
            entries
                .map(|entry| Entry { name: entry.filename.to_vec(), id: entry.oid.to_owned(), is_tree: entry.mode.is_tree() })
                .collect(),
        )
    }
}
