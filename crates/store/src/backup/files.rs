//! Files of an archive.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};
use watchfire_core::text::hex;

use crate::Error;

/// The database inside of an archive.
pub(super) const DATABASE: &str = "watchfire.db";
/// The blobs inside of an archive.
pub(super) const BLOBS: &str = "blobs";

/// Copies a file durably and returns its SHA-256.
pub(super) fn copy(from: &Path, to: &Path) -> Result<String, Error> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent).map_err(|why| failed(parent, &why))?;
    }
    let mut source = File::open(from).map_err(|why| failed(from, &why))?;
    let mut target = File::create_new(to).map_err(|why| failed(to, &why))?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 256 * 1024]);
    loop {
        let read = source.read(&mut buffer).map_err(|why| failed(from, &why))?;
        let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else { break };
        hash.update(part);
        target.write_all(part).map_err(|why| failed(to, &why))?;
    }
    target.sync_all().map_err(|why| failed(to, &why))?;
    Ok(hex(&hash.finalize()))
}

/// Returns a file's SHA-256.
pub(super) fn hash(path: &Path) -> Result<String, Error> {
    let mut file = File::open(path).map_err(|why| failed(path, &why))?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 256 * 1024]);
    loop {
        let read = file.read(&mut buffer).map_err(|why| failed(path, &why))?;
        let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else { break };
        hash.update(part);
    }
    Ok(hex(&hash.finalize()))
}

/// Makes a directory that must not exist yet or be empty, for nobody else to read.
pub(super) fn empty_dir(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|why| failed(path, &why))?;
    let mut entries = fs::read_dir(path).map_err(|why| failed(path, &why))?;
    if entries.next().is_some() {
        return Err(Error::Refused(format!("{} is not empty: give a directory that does not exist yet", path.display())));
    }
    Ok(())
}

/// Makes what was written to a directory and its subdirectories durable.
pub(super) fn sync_tree(path: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(path).map_err(|why| failed(path, &why))? {
        let entry = entry.map_err(|why| failed(path, &why))?.path();
        if entry.is_dir() {
            sync_tree(&entry)?;
        }
    }
    sync(path)
}

/// Makes a file or a directory durable.
pub(super) fn sync(path: &Path) -> Result<(), Error> {
    File::open(path).and_then(|file| file.sync_all()).map_err(|why| failed(path, &why))
}

pub(super) fn failed(path: &Path, why: &std::io::Error) -> Error {
    Error::file(path.display().to_string(), why)
}

/// Runs blocking work on a thread of its own.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Panicked)?
}
