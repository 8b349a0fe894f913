//! Large bodies on disk, by the hash of their plain content; the bytes themselves are sealed.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use watchfire_core::text::hex;

use crate::Error;

/// The directory of blobs: `blobs/ab/abcdef….sealed`.
#[derive(Debug)]
pub(crate) struct Blobs {
    dir: PathBuf,
}

impl Blobs {
    /// Opens the directory, making it if it is missing.
    pub(crate) fn open(dir: PathBuf) -> Result<Self, Error> {
        fs::create_dir_all(&dir).map_err(|why| failed(&dir, &why))?;
        Ok(Self { dir })
    }

    /// Takes a directory as it is, for reading; one that is missing holds nothing.
    pub(crate) fn existing(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// Returns the name of a content: its SHA-256 in hex.
    pub(crate) fn name(plain: &[u8]) -> String {
        hex(&Sha256::digest(plain))
    }

    /// Tells whether a blob is there.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.path(name).is_file()
    }

    /// Writes sealed bytes under a name, durably: file, rename, directory. Must be done before the commit that refers to it.
    pub(crate) fn put(&self, name: &str, sealed: &[u8]) -> Result<(), Error> {
        let path = self.path(name);
        let parent = path.parent().map(Path::to_owned).unwrap_or_default();
        if !parent.is_dir() {
            fs::create_dir_all(&parent).map_err(|why| failed(&parent, &why))?;
            sync_dir(&self.dir)?;
        }
        let draft = path.with_extension(format!("{}.part", hex(&crate::random::bytes::<8>()?)));
        let written = File::create_new(&draft)
            .and_then(|mut file| file.write_all(sealed).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&draft, &path));
        if let Err(why) = written {
            fs::remove_file(&draft).ok();
            return Err(failed(&path, &why));
        }
        sync_dir(&parent)
    }

    /// Reads the sealed bytes of a blob.
    pub(crate) fn get(&self, name: &str) -> Result<Vec<u8>, Error> {
        let path = self.path(name);
        fs::read(&path).map_err(|why| failed(&path, &why))
    }

    /// Returns the names of all blobs.
    pub(crate) fn names(&self) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        for folder in entries(&self.dir)? {
            if folder.is_dir() {
                names.extend(entries(&folder)?.into_iter().filter_map(|path| {
                    let sealed = path.extension()? == "sealed";
                    sealed.then(|| path.file_stem()?.to_str().map(str::to_owned)).flatten()
                }));
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Deletes a blob.
    pub(crate) fn remove(&self, name: &str) -> Result<(), Error> {
        let path = self.path(name);
        fs::remove_file(&path).map_err(|why| failed(&path, &why))
    }

    /// Deletes what writes that broke off have left, if it is older than `age`. Returns how many.
    pub(crate) fn sweep_parts(&self, age: std::time::Duration) -> Result<u64, Error> {
        let mut swept = 0;
        for folder in entries(&self.dir)?.into_iter().filter(|path| path.is_dir()) {
            for path in entries(&folder)?.into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "part")) {
                let old = fs::metadata(&path).and_then(|meta| meta.modified()).ok().and_then(|at| at.elapsed().ok());
                if old.is_some_and(|old| old > age) {
                    fs::remove_file(&path).map_err(|why| failed(&path, &why))?;
                    swept += 1;
                }
            }
        }
        Ok(swept)
    }

    /// Tells how old a blob's file is.
    pub(crate) fn age(&self, name: &str) -> Option<std::time::Duration> {
        fs::metadata(self.path(name)).ok()?.modified().ok()?.elapsed().ok()
    }

    fn path(&self, name: &str) -> PathBuf {
        let folder = name.get(..2).unwrap_or("00");
        self.dir.join(folder).join(format!("{name}.sealed"))
    }
}

fn entries(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    fs::read_dir(dir)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(|why| failed(dir, &why))
}

fn sync_dir(dir: &Path) -> Result<(), Error> {
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(|why| failed(dir, &why))
}

fn failed(path: &Path, why: &std::io::Error) -> Error {
    Error::file(format!("{}", path.display()), why)
}
