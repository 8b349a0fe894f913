//! Where the store keeps what, and its bounds.

use std::path::{Path, PathBuf};

/// What [`crate::Store::open`] needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Holds the SQLite database, the blobs and the lock; with PostgreSQL the blobs alone, which all nodes must share.
    pub data_dir: PathBuf,
    /// `postgres://…`, or `None` for SQLite in the data directory.
    pub database_url: Option<String>,
    /// The file with the key-encryption key; `None` is `<data_dir>.key`, beside the data directory and never in it.
    pub key_file: Option<PathBuf>,
    /// Connections for reading.
    pub readers: u32,
    /// Operations that may wait to be written.
    pub queue: usize,
    /// Bytes of event bodies that may wait to be written.
    pub queue_bytes: usize,
}

impl Settings {
    /// Settings for SQLite in a directory, everything else as usual.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            database_url: None,
            key_file: None,
            readers: 4,
            queue: 4_096,
            queue_bytes: 64 * 1024 * 1024,
        }
    }

    /// Returns where the key-encryption key is.
    pub fn key_path(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| {
            let mut name = absolute(&self.data_dir).into_os_string();
            name.push(".key");
            PathBuf::from(name)
        })
    }

    /// Returns where the SQLite database is.
    pub(crate) fn sqlite_path(&self) -> PathBuf {
        self.data_dir.join("watchfire.db")
    }

    /// Returns where the blobs are.
    pub(crate) fn blob_dir(&self) -> PathBuf {
        self.data_dir.join("blobs")
    }
}

/// Makes a path absolute and takes a trailing slash off, so that `data/` and `data` have the same key file.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.components().collect()
}
