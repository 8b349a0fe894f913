//! Text files of the sources of published crates, chosen by chance with a fixed seed.

use crate::random::Random;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// The bytes of files whose histories are usual.
pub(crate) const USUAL_FILE_BYTES: RangeInclusive<u64> = 0..=512 * 1024;
/// The largest share of the bytes that files of one ending take.
const ENDING_SHARE: u64 = 4;

/// Copies sources of `from` into the folder `into`, up to `bytes`.
///
/// # Errors
/// Those of the file system.
pub(crate) fn copy(from: &Path, into: &Path, bytes: u64) -> Result<u64, Box<dyn Error>> {
    let mut written = 0;
    for (path, text) in choose(from, bytes, &USUAL_FILE_BYTES)? {
        let target = into.join(&path);
        fs::create_dir_all(target.parent().ok_or("a file without a folder")?)?;
        written += text.len() as u64;
        fs::write(target, text)?;
    }
    Ok(written)
}

/// Returns text files below `from` of `file_bytes` each with their paths, ordered by path, up to `bytes`; no kind of file takes
/// more than its share.
///
/// # Errors
/// Those of the file system.
pub(crate) fn choose(
    from: &Path,
    bytes: u64,
    file_bytes: &RangeInclusive<u64>,
) -> Result<Vec<(String, Vec<u8>)>, Box<dyn Error>> {
    let mut paths = files(from, file_bytes)?;
    let mut random = Random(0x7ee5);
    for at in (1..paths.len()).rev() {
        paths.swap(at, random.below(at + 1));
    }
    let mut taken: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    let mut shares: BTreeMap<String, u64> = BTreeMap::new();
    let mut total = 0;
    for path in paths {
        if total >= bytes {
            break;
        }
        let ending = path.extension().map_or_else(String::new, |ending| ending.to_string_lossy().into_owned());
        let share = shares.entry(ending.clone()).or_default();
        if ending != "rs" && *share > bytes / ENDING_SHARE {
            continue;
        }
        let text = fs::read(&path)?;
        // Names that git's stream would have to quote are not worth it here.
        let relative = path.strip_prefix(from)?.to_owned();
        if text.contains(&0) || relative.to_string_lossy().bytes().any(|byte| !byte.is_ascii_graphic() || byte == b'"') {
            continue;
        }
        *share += text.len() as u64;
        total += text.len() as u64;
        taken.insert(relative, text);
    }
    Ok(taken.into_iter().map(|(path, text)| (path.to_string_lossy().into_owned(), text)).collect())
}

/// Returns the paths of all files below `from` that are `file_bytes` long, in order.
fn files(from: &Path, file_bytes: &RangeInclusive<u64>) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut paths = Vec::new();
    let mut folders = vec![from.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() && file_bytes.contains(&entry.metadata()?.len()) {
                paths.push(entry.path());
            }
        }
    }
    paths.sort();
    Ok(paths)
}
