//! One process for one SQLite data directory.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use crate::Error;

/// Held while the store is open; the operating system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a data directory.
    ///
    /// # Errors
    /// [`Error::Refused`] names the process that holds it.
    pub(crate) fn take(data_dir: &Path) -> Result<Self, Error> {
        let path = data_dir.join("lock");
        let failed = |why: &std::io::Error| Error::file(format!("the lock file {}", path.display()), why);
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(|why| failed(&why))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                file.take(20).read_to_string(&mut pid).ok();
                return Err(Error::Refused(format!(
                    "the data directory {} is in use by process {}: stop it first, or use another directory",
                    data_dir.display(),
                    pid.trim()
                )));
            }
            Err(TryLockError::Error(why)) => return Err(failed(&why)),
        }
        file.set_len(0).and_then(|()| file.rewind()).map_err(|why| failed(&why))?;
        writeln!(file, "{}", std::process::id()).map_err(|why| failed(&why))?;
        Ok(Self { _file: file })
    }
}
