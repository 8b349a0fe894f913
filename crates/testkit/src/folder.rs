//! A temporary folder.

use std::path::{Path, PathBuf};

/// A folder under the system's temporary one, removed on drop.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes a new, empty folder.
    ///
    /// # Panics
    /// When the system gives none.
    #[must_use]
    pub fn new() -> Self {
        Self::under(&std::env::temp_dir())
    }

    /// Makes a new, empty folder under another one.
    ///
    /// # Panics
    /// When the system gives none.
    #[must_use]
    pub fn under(parent: &Path) -> Self {
        let path = parent.join(format!("watchfire-test-{:016x}", rand::random::<u64>()));
        std::fs::create_dir_all(&path).expect("a temporary folder can be made");
        Self(path)
    }

    /// Returns its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Returns every regular file below it.
    ///
    /// # Panics
    /// When the folder cannot be read.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let (mut found, mut folders) = (Vec::new(), vec![self.0.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).expect("a folder of the test can be read").flatten() {
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                    Ok(kind) if kind.is_file() => found.push(entry.path()),
                    _ => {}
                }
            }
        }
        found
    }
}

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A failing test may want to look: WATCHFIRE_TEST_KEEP=1 leaves everything in place.
        if std::env::var_os("WATCHFIRE_TEST_KEEP").is_none() {
            drop(std::fs::remove_dir_all(&self.0));
        }
    }
}
