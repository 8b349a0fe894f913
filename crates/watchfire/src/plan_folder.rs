//! A folder of plan files on disk.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};

/// Files of one folder, at most.
const FILES: usize = 1_000;
/// Bytes of one file, at most; the loader's own limit is the same.
const FILE_BYTES: u64 = 1024 * 1024;

/// Reads the `*.yaml` files of a folder and its subfolders, by path relative to it with `/` between.
///
/// Hidden files are left out, links are not followed.
///
/// # Errors
/// The folder or a file cannot be read, is no UTF-8, or there is too much of it.
pub(crate) fn read(folder: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    collect(folder, "", &mut files)?;
    if files.is_empty() {
        bail!("there is no *.yaml file in {}; `watchfire plans init` writes the built-in ones out", folder.display());
    }
    Ok(files)
}

/// Writes files into a folder and returns how many; one that is there with another text is not touched.
///
/// # Errors
/// A file is there with another text, or the folder cannot be written.
pub(crate) fn write(folder: &Path, files: &BTreeMap<String, String>) -> anyhow::Result<usize> {
    for (name, text) in files {
        let path = folder.join(name);
        if std::fs::read_to_string(&path).is_ok_and(|present| present != *text) {
            bail!("{} is there already and differs; move it away first", path.display());
        }
    }
    for (name, text) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        }
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(files.len())
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().with_context(|| format!("cannot read {}", entry.path().display()))?;
        if name.starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            collect(&entry.path(), &format!("{prefix}{name}/"), files)?;
        } else if kind.is_file() && (name.ends_with(".yaml") || name.ends_with(".yml")) {
            let path = entry.path();
            let bytes = entry.metadata().with_context(|| format!("cannot read {}", path.display()))?.len();
            if bytes > FILE_BYTES || files.len() >= FILES {
                bail!("{} is too much: at most {FILES} files of {FILE_BYTES} bytes", path.display());
            }
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            files.insert(format!("{prefix}{name}"), text);
        }
    }
    Ok(())
}
