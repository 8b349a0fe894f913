//! Folders and files, on all cores.

use crate::generic::{FileContext, FileKind};
use crate::redact::escape_path;
use crate::report::{Incomplete, Scanned};
use crate::text::{Located, Piece, Scanner, scan_stream};
use ignore::{DirEntry, WalkBuilder, WalkState};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// What to walk.
pub(crate) struct Files<'a> {
    pub(crate) roots: &'a [PathBuf],
    /// Whether ignore files are left unread.
    pub(crate) no_ignore: bool,
    pub(crate) jobs: usize,
    pub(crate) bytes_max: u64,
}

/// The values of one file.
pub(crate) struct Document {
    pub(crate) path: Vec<u8>,
    pub(crate) located: Vec<Located>,
}

/// What a walk gave.
#[derive(Default)]
pub(crate) struct Walked {
    /// Only documents with values, ordered by path.
    pub(crate) documents: Vec<Document>,
    pub(crate) incomplete: Vec<Incomplete>,
    pub(crate) scanned: Scanned,
}

impl Walked {
    fn append(&mut self, mut other: Self) {
        self.documents.append(&mut other.documents);
        self.incomplete.append(&mut other.incomplete);
        self.scanned.documents += other.scanned.documents;
        self.scanned.bytes += other.scanned.bytes;
    }

    fn failed(&mut self, what: &[u8], why: impl std::fmt::Display) {
        self.incomplete.push(Incomplete { what: escape_path(what), why: why.to_string() });
    }
}

/// One thread's share, added to the whole when the thread ends.
struct Share<'a> {
    walked: Walked,
    piece: Piece,
    whole: &'a Mutex<Walked>,
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        if let Ok(mut whole) = self.whole.lock() {
            whole.append(std::mem::take(&mut self.walked));
        }
    }
}

/// Scans all files below the roots, without following links and without `.git`.
pub(crate) fn scan_files(scanner: &Scanner, files: &Files<'_>, progress: &(dyn Fn(u64) + Sync)) -> Walked {
    let Some((first, others)) = files.roots.split_first() else {
        return Walked::default();
    };
    let mut builder = WalkBuilder::new(first);
    for root in others {
        builder.add(root);
    }
    builder
        .standard_filters(!files.no_ignore)
        .hidden(false)
        .follow_links(false)
        .threads(files.jobs)
        .add_custom_ignore_filename(".watchfireignore")
        .filter_entry(|entry| entry.depth() == 0 || entry.file_name() != ".git");
    let whole = Mutex::new(Walked::default());
    builder.build_parallel().run(|| {
        let mut share = Share { walked: Walked::default(), piece: Piece::default(), whole: &whole };
        Box::new(move |entry| {
            match entry {
                Ok(entry) => visit(scanner, files, &entry, &mut share, progress),
                Err(error) => share.walked.failed(b"", error),
            }
            WalkState::Continue
        })
    });
    let mut walked = whole.into_inner().unwrap_or_default();
    walked.documents.sort_by(|a, b| a.path.cmp(&b.path));
    walked.incomplete.sort();
    walked
}

/// Scans a reader under a name.
///
/// # Errors
/// Those of the reader.
pub(crate) fn scan_reader(
    scanner: &Scanner,
    reader: &mut dyn Read,
    name: &[u8],
    bytes_max: u64,
    piece: &mut Piece,
) -> io::Result<Walked> {
    let file = FileContext { path: name, kind: FileKind::of_path(name) };
    let reading = scan_stream(scanner, reader, &file, bytes_max, piece)?;
    let mut walked = Walked::default();
    walked.scanned.documents = 1;
    walked.scanned.bytes = reading.bytes;
    for (inner, why) in reading.incomplete {
        walked.incomplete.push(Incomplete { what: inside(name, &inner), why });
    }
    if !reading.located.is_empty() {
        walked.documents.push(Document { path: name.to_vec(), located: reading.located });
    }
    Ok(walked)
}

fn visit(scanner: &Scanner, files: &Files<'_>, entry: &DirEntry, share: &mut Share<'_>, progress: &(dyn Fn(u64) + Sync)) {
    let (walked, piece) = (&mut share.walked, &mut share.piece);
    // A root that is a link is followed by the walker itself; links below it are not.
    let is_file = match entry.file_type() {
        Some(kind) if kind.is_symlink() && entry.depth() == 0 => entry.path().is_file(),
        Some(kind) => kind.is_file(),
        None => false,
    };
    if let Some(error) = entry.error() {
        walked.failed(&path_bytes(entry.path()), error);
    }
    if !is_file {
        return;
    }
    let name = path_bytes(entry.path());
    let name = name.strip_prefix(b"./").unwrap_or(&name);
    match File::open(entry.path()).and_then(|mut file| scan_reader(scanner, &mut file, name, files.bytes_max, piece)) {
        Ok(one) => {
            progress(one.scanned.bytes);
            walked.append(one);
        }
        Err(error) => walked.failed(name, error),
    }
}

/// Returns the path of something in an archive, as findings show it.
pub(crate) fn inside(path: &[u8], inner: &str) -> String {
    let path = escape_path(path);
    if inner.is_empty() { path } else { format!("{path}!{inner}") }
}

#[cfg(unix)]
pub(crate) fn path_bytes(path: &Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes().to_vec()
}

#[cfg(not(unix))]
pub(crate) fn path_bytes(path: &Path) -> Vec<u8> {
    path.to_string_lossy().replace('\\', "/").into_bytes()
}
