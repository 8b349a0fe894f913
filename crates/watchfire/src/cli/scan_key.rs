//! The local key of fingerprints: 32 random bytes that never leave the machine unless a team shares them.

use anyhow::{Context, bail};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use watchfire_scan::fingerprint::Key;

/// Reads the key, or makes it when it is not there yet.
///
/// Without a place to keep it, a key is made for this run alone: findings can be reported, but not recognised again.
pub(super) fn load(file: Option<&Path>) -> anyhow::Result<Key> {
    let Some(path) = file.map(Path::to_owned).or_else(default_path) else {
        return Ok(Key::new(rand::random()));
    };
    match read(&path) {
        Ok(Some(key)) => Ok(key),
        Ok(None) => make(&path).or_else(|error| if file.is_some() { Err(error) } else { Ok(Key::new(rand::random())) }),
        Err(error) => Err(error),
    }
}

/// `$XDG_CONFIG_HOME/watchfire/scan.key`, or the same below `~/.config`.
fn default_path() -> Option<PathBuf> {
    let folder = std::env::var_os("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".config")))?;
    Some(folder.join("watchfire").join("scan.key"))
}

fn read(path: &Path) -> anyhow::Result<Option<Key>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(error).with_context(|| format!("the key {} cannot be read", path.display()));
        }
    };
    let digits = text.trim().as_bytes();
    let mut bytes = [0; 32];
    let mut pairs = digits.chunks_exact(2);
    for (byte, pair) in bytes.iter_mut().zip(&mut pairs) {
        let pair = std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
        *byte = pair.with_context(|| format!("the key {} is not 64 hex digits", path.display()))?;
    }
    if digits.len() != 64 {
        bail!("the key {} is not 64 hex digits", path.display());
    }
    Ok(Some(Key::new(bytes)))
}

fn make(path: &Path) -> anyhow::Result<Key> {
    let bytes: [u8; 32] = rand::random();
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    match options.open(path) {
        Ok(mut file) => {
            writeln!(file, "{text}").with_context(|| format!("the key {} cannot be written", path.display()))?;
            Ok(Key::new(bytes))
        }
        // Another scan was faster: its key counts.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            read(path)?.with_context(|| format!("the key {} is gone", path.display()))
        }
        Err(error) => Err(error).with_context(|| format!("the key {} cannot be written", path.display())),
    }
}
