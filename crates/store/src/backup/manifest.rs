//! What an archive says of itself.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::files::failed;
use crate::Error;

const NAME: &str = "manifest.json";
/// The form of archives that this program writes and reads.
pub(super) const FORMAT: i64 = 1;
/// Bytes of a manifest at most: a million blobs.
const MOST: u64 = 256 * 1024 * 1024;

/// The manifest of an archive; written last, so that an archive without one is incomplete.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    pub format: i64,
    /// When it was begun, RFC 3339.
    pub created_at: String,
    /// The version of the schema.
    pub schema: i64,
    /// The number of the last entry of the record.
    pub head: i64,
    /// The leaf hash of the last entry in hex; empty for an empty record.
    pub head_hash: String,
    /// Rows by table.
    pub rows: BTreeMap<String, i64>,
    /// SHA-256 in hex by path inside of the archive.
    pub files: BTreeMap<String, String>,
}

impl Manifest {
    /// Writes it into an archive, durably.
    pub(super) fn write(&self, archive: &Path) -> Result<(), Error> {
        let path = archive.join(NAME);
        let text = serde_json::to_vec_pretty(self).map_err(Error::damaged)?;
        File::create_new(&path)
            .and_then(|mut file| file.write_all(&text).and_then(|()| file.sync_all()))
            .map_err(|why| failed(&path, &why))?;
        super::files::sync(archive)
    }

    /// Reads it from an archive.
    ///
    /// # Errors
    /// [`Error::Refused`] if it is missing, unreadable or of a later form.
    pub fn read(archive: &Path) -> Result<Self, Error> {
        let path = archive.join(NAME);
        let mut text = Vec::new();
        match File::open(&path) {
            Ok(file) => file.take(MOST).read_to_end(&mut text).map_err(|why| failed(&path, &why))?,
            Err(_) => {
                return Err(Error::Refused(format!("{} has no {NAME}: it is no complete backup", archive.display())));
            }
        };
        let manifest: Self =
            serde_json::from_slice(&text).map_err(|why| Error::Refused(format!("{} cannot be read: {why}", path.display())))?;
        if manifest.format != FORMAT {
            return Err(Error::Refused(format!(
                "the backup has form {}, this program reads {FORMAT}: use the Watchfire that made it",
                manifest.format
            )));
        }
        let escapes = |path: &String| Path::new(path).components().any(|part| !matches!(part, std::path::Component::Normal(_)));
        if let Some(path) = manifest.files.keys().find(|path| escapes(path)) {
            return Err(Error::Refused(format!("the backup names a file outside of itself: {path}")));
        }
        Ok(manifest)
    }
}
