//! The walk that a scan is measured against: every object of every pack resolved once, nothing scanned.

use gix::odb::pack::{cache, data, index};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Resolves every object with the library's own walk of the delta tree, on all cores, and returns the bytes.
///
/// # Errors
/// When a pack is unreadable.
pub(crate) fn resolve(repository: &Path) -> Result<u64, Box<dyn Error>> {
    let bytes = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    for entry in std::fs::read_dir(objects(repository).join("pack"))? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "idx") {
            continue;
        }
        let index = index::File::at(&path, gix::hash::Kind::Sha1)?;
        let pack = data::File::at(path.with_extension("pack"), gix::hash::Kind::Sha1)?;
        let options = index::traverse::Options {
            traversal: index::traverse::Algorithm::DeltaTreeLookup,
            thread_limit: None,
            check: index::traverse::SafetyCheck::SkipFileAndObjectChecksumVerification,
            alloc_limit_bytes: None,
            make_pack_lookup_cache: || cache::Never,
        };
        index.traverse(
            &pack,
            &mut gix::progress::Discard,
            &stop,
            |_, object: &[u8], _, _| {
                bytes.fetch_add(object.len() as u64, Ordering::Relaxed);
                Ok(())
            },
            options,
        )?;
    }
    Ok(bytes.into_inner())
}

/// Returns the folder of the objects of a repository, bare or not.
pub(crate) fn objects(repository: &Path) -> PathBuf {
    let inner = repository.join(".git/objects");
    if inner.is_dir() { inner } else { repository.join("objects") }
}
