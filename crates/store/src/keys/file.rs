//! The key-encryption key in its file.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use watchfire_core::text::{hex, unhex};
use zeroize::Zeroizing;

use super::seal::{KEY_BYTES, Secret};
use crate::settings::absolute;
use crate::{Error, Settings, random};

const PREFIX: &str = "watchfire-key-v1 ";

/// Reads the key file; `None` if there is none.
///
/// # Errors
/// [`Error::Refused`] if others may read it, if it lies in the data directory, or if it is no key file.
pub(crate) fn open(settings: &Settings) -> Result<Option<Secret>, Error> {
    let path = settings.key_path();
    if absolute(&path).starts_with(absolute(&settings.data_dir)) {
        return Err(Error::Refused(format!(
            "the key file {} lies in the data directory, so that every copy of the data would hold its key: move it out",
            path.display()
        )));
    }
    read(&path)
}

/// Reads a key file; `None` if there is none.
pub(super) fn read(path: &Path) -> Result<Option<Secret>, Error> {
    let failed = |why: &std::io::Error| Error::file(format!("the key file {}", path.display()), why);
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(why) => return Err(failed(&why)),
    };
    let mode = file.metadata().map_err(|why| failed(&why))?.permissions().mode() & 0o7777;
    if mode & !0o400 != 0 {
        return Err(Error::Refused(format!(
            "the key file {} has mode {mode:04o}, so that others may read or change it: run chmod 0400 {0}",
            path.display()
        )));
    }
    let mut text = Zeroizing::new(String::new());
    (&mut file).take(1_024).read_to_string(&mut text).map_err(|why| failed(&why))?;
    let key = text.trim().strip_prefix(PREFIX).and_then(unhex).map(Zeroizing::new);
    let secret = key.as_deref().and_then(|key| <[u8; KEY_BYTES]>::try_from(key.as_slice()).ok());
    match secret {
        Some(secret) => Ok(Some(Zeroizing::new(secret))),
        None => Err(Error::Refused(format!("{} is no key file of Watchfire", path.display()))),
    }
}

/// Makes a key and writes it to a file that must not exist yet, durably, before anything is sealed under it.
pub(super) fn create(path: &Path) -> Result<Secret, Error> {
    let failed = |why: &std::io::Error| Error::file(format!("the key file {}", path.display()), why);
    let secret: Secret = Zeroizing::new(random::bytes()?);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o400).open(path).map_err(|why| failed(&why))?;
    let text = Zeroizing::new(format!("{PREFIX}{}\n", hex(&secret[..])));
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|why| failed(&why))?;
    sync_parent(path)?;
    Ok(secret)
}

/// Puts a new key file in the place of the old one, durably.
pub(super) fn replace(new: &Path, old: &Path) -> Result<(), Error> {
    std::fs::rename(new, old).map_err(|why| Error::file(format!("the key file {}", old.display()), &why))?;
    sync_parent(old)
}

/// Returns where a rotation keeps the new key until the database has changed over.
pub(super) fn successor(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

fn sync_parent(path: &Path) -> Result<(), Error> {
    let parent = absolute(path).parent().map(Path::to_owned).unwrap_or_default();
    File::open(&parent)
        .and_then(|dir| dir.sync_all())
        .map_err(|why| Error::file(format!("the directory {}", parent.display()), &why))
}
