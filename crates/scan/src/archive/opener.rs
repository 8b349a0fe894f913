//! Recognises archives and walks them with one budget for all that is inside.

use super::{gzip, tar, zip};

/// What an archive may cost. Each limit that is hit is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Archives inside of archives.
    pub depth: u8,
    /// Bytes that may come out of one outermost archive.
    pub bytes: u64,
    /// Files that may come out of one outermost archive.
    pub entries: u32,
    /// How many times larger than its compressed form an entry may be.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 3, bytes: 256 << 20, entries: 10_000, ratio: 100 }
    }
}

/// The form of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// gzip (RFC 1952), also of several members.
    Gzip,
    /// POSIX and GNU tar.
    Tar,
    /// ZIP with stored and deflated entries, which includes `.jar`, `.docx`, `.whl` and the like.
    Zip,
    /// A form that is recognised and not opened.
    Closed(&'static str),
}

impl Kind {
    /// Recognises an archive by its first bytes.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        const CLOSED: [(&[u8], &str); 6] = [
            (b"BZh", "bzip2"),
            (b"\xfd7zXZ\0", "xz"),
            (b"\x28\xb5\x2f\xfd", "zstd"),
            (b"7z\xbc\xaf\x27\x1c", "7z"),
            (b"Rar!\x1a\x07", "rar"),
            (b"\x04\x22\x4d\x18", "lz4"),
        ];
        if bytes.starts_with(b"\x1f\x8b\x08") {
            return Some(Self::Gzip);
        }
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            return Some(Self::Zip);
        }
        if bytes.get(257..262) == Some(b"ustar") {
            return Some(Self::Tar);
        }
        CLOSED.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, name)| Self::Closed(name))
    }
}

/// Opens one outermost archive.
#[derive(Debug)]
pub struct Opener {
    limits: Limits,
    bytes_left: u64,
    entries_left: u32,
    /// What was not opened and why: the path inside of the archive, empty for the archive itself.
    pub incomplete: Vec<(String, String)>,
}

/// More reasons than this from one archive say nothing new.
const REASONS_MAX: usize = 20;

impl Opener {
    /// Starts with the whole budget.
    pub fn new(limits: Limits) -> Self {
        Self { limits, bytes_left: limits.bytes, entries_left: limits.entries, incomplete: Vec::new() }
    }

    /// Calls `each` with the path and content of every file in `bytes`, through nested archives.
    pub fn open(&mut self, bytes: &[u8], each: &mut dyn FnMut(&str, &[u8])) {
        self.nested(bytes, "", 0, each);
    }

    fn nested(&mut self, bytes: &[u8], path: &str, depth: u8, each: &mut dyn FnMut(&str, &[u8])) {
        let Some(kind) = Kind::of(bytes) else {
            each(path, bytes);
            return;
        };
        if depth >= self.limits.depth {
            return self.skip(path, "archives are nested too deeply");
        }
        match kind {
            Kind::Gzip => gzip::open(self, bytes, path, depth, each),
            Kind::Tar => tar::open(self, bytes, path, depth, each),
            Kind::Zip => zip::open(self, bytes, path, depth, each),
            Kind::Closed(name) => self.skip(path, &format!("compressed with {name}, which is not opened")),
        }
    }

    /// Takes one file of an archive; says whether there may be more.
    pub(super) fn entry(
        &mut self,
        outer: &str,
        name: &[u8],
        content: &[u8],
        depth: u8,
        each: &mut dyn FnMut(&str, &[u8]),
    ) -> bool {
        if self.entries_left == 0 {
            self.skip(outer, "the archive has too many files");
            return false;
        }
        self.entries_left -= 1;
        let name = crate::redact::escape_path(name.get(..name.len().min(4096)).unwrap_or_default());
        let path = if outer.is_empty() { name } else { format!("{outer}!{name}") };
        self.nested(content, &path, depth + 1, each);
        true
    }

    /// Returns how many bytes may come out of `compressed` bytes.
    pub(super) fn allowance(&self, compressed: usize) -> u64 {
        // Small files compress well without being bombs.
        let by_ratio = (compressed as u64).saturating_mul(self.limits.ratio).max(1 << 20);
        by_ratio.min(self.bytes_left)
    }

    /// Counts bytes that came out.
    pub(super) fn spend(&mut self, bytes: usize) {
        self.bytes_left = self.bytes_left.saturating_sub(bytes as u64);
    }

    /// Notes what is left out.
    pub(super) fn skip(&mut self, path: &str, why: &str) {
        if self.incomplete.len() < REASONS_MAX {
            self.incomplete.push((path.to_owned(), why.to_owned()));
        }
    }
}
