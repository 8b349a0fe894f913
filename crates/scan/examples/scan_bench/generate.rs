//! Makes a repository and a working tree of known size out of the sources of published crates.
//!
//! The same sources and numbers give the same objects: the choice is made by a generator with a fixed seed, and the packing is
//! git's with one thread.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How large a repository is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Bytes of sources in the first commit.
    pub(crate) tree_bytes: u64,
    /// Bytes of all blobs, at least.
    pub(crate) blob_bytes: u64,
}

/// Longer files are left out: histories of such files are rare.
const FILE_BYTES_MAX: u64 = 512 * 1024;
/// The largest share of the bytes that files of one ending take.
const ENDING_SHARE: u64 = 4;
/// An edit takes away and brings up to so many lines: a tenth of the bytes of all blobs is then new, as in the histories of large
/// projects.
const HUNK_LINES: usize = 64;
/// Commits are an hour apart from here, in seconds of the Unix epoch.
const FIRST_COMMIT: u64 = 1_500_000_000;

/// A text file and the lines that edits work on.
struct File {
    path: String,
    lines: Vec<Vec<u8>>,
}

/// Copies sources of `from` into the folder `into`, up to `bytes`.
///
/// # Errors
/// Those of the file system.
pub(crate) fn working_tree(from: &Path, into: &Path, bytes: u64) -> Result<u64, Box<dyn Error>> {
    let mut written = 0;
    for (path, text) in sources(from, bytes)? {
        let target = into.join(&path);
        fs::create_dir_all(target.parent().ok_or("a file without a folder")?)?;
        written += text.len() as u64;
        fs::write(target, text)?;
    }
    Ok(written)
}

/// Makes the bare repository `into` whose commits edit sources of `from`.
///
/// # Errors
/// Those of the file system and of git.
pub(crate) fn repository(from: &Path, into: &Path, size: Size) -> Result<(), Box<dyn Error>> {
    let mut files: Vec<File> = sources(from, size.tree_bytes)?
        .into_iter()
        .map(|(path, text)| File { path, lines: text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect() })
        .collect();
    if files.is_empty() {
        return Err(format!("{} holds no sources", from.display()).into());
    }
    git(&["init", "--quiet", "--bare", "--initial-branch=main", &into.to_string_lossy()])?;
    let mut child = Command::new("git")
        .args(["-C", &into.to_string_lossy(), "-c", "core.compression=1", "fast-import", "--quiet", "--depth=20"])
        .stdin(Stdio::piped())
        .spawn()?;
    let mut out = BufWriter::with_capacity(1 << 20, child.stdin.take().ok_or("git has no standard input")?);
    let mut random = Random(0x5eed);
    let every: Vec<usize> = (0..files.len()).collect();
    let mut bytes = commit(&mut out, 0, &files, &every)?;
    let ends: Vec<usize> = files
        .iter()
        .scan(0, |end, file| {
            *end += file.lines.iter().map(Vec::len).sum::<usize>();
            Some(*end)
        })
        .collect();
    let total = ends.last().copied().unwrap_or(0);
    let mut number = 1;
    while bytes < size.blob_bytes {
        // Few files change often, as in any project, and large ones more often than small ones.
        let mut changed: Vec<usize> = (0..=random.below(9))
            .map(|_| if random.below(2) == 0 { random.often_low(files.len()) } else { by_bytes(&ends, random.often_low(total)) })
            .collect();
        changed.sort_unstable();
        changed.dedup();
        for &at in &changed {
            edit(&mut files, at, &mut random);
        }
        bytes += commit(&mut out, number, &files, &changed)?;
        number += 1;
    }
    out.write_all(b"done\n")?;
    drop(out);
    if !child.wait()?.success() {
        return Err("git fast-import failed".into());
    }
    let path = into.to_string_lossy();
    git(&["-C", &path, "-c", "pack.threads=1", "repack", "-adFq", "--depth=50", "--window=10"])
}

/// Returns the file that holds the byte `at` of all files.
fn by_bytes(ends: &[usize], at: usize) -> usize {
    ends.partition_point(|end| *end <= at).min(ends.len().saturating_sub(1))
}

/// Replaces up to four hunks of a file by lines of other files.
fn edit(files: &mut [File], at: usize, random: &mut Random) {
    for _ in 0..=random.below(4) {
        let donor = random.below(files.len());
        let Some(source) = files.get(donor) else { continue };
        let from = random.below(source.lines.len().max(1));
        let added: Vec<Vec<u8>> = source.lines.iter().skip(from).take(random.below(HUNK_LINES)).cloned().collect();
        let Some(file) = files.get_mut(at) else { continue };
        let start = random.below(file.lines.len().max(1)).min(file.lines.len());
        // As much goes as comes, so that files keep their size.
        let end = (start + random.below(HUNK_LINES)).min(file.lines.len());
        file.lines.splice(start..end, added);
    }
}

fn commit(out: &mut impl Write, number: u64, files: &[File], changed: &[usize]) -> Result<u64, Box<dyn Error>> {
    let seconds = FIRST_COMMIT + number * 3600;
    let message = format!("change {number}\n");
    write!(out, "commit refs/heads/main\nmark :{}\n", number + 1)?;
    write!(out, "committer Bench <bench@example.org> {seconds} +0000\ndata {}\n{message}", message.len())?;
    if number > 0 {
        writeln!(out, "from :{number}")?;
    }
    let mut bytes = 0;
    for file in changed.iter().filter_map(|at| files.get(*at)) {
        let len: usize = file.lines.iter().map(Vec::len).sum();
        write!(out, "M 100644 inline {}\ndata {len}\n", file.path)?;
        for line in &file.lines {
            out.write_all(line)?;
        }
        out.write_all(b"\n")?;
        bytes += len as u64;
    }
    Ok(bytes)
}

/// Returns text files below `from` with their paths, ordered by path, up to `bytes`; no kind of file takes more than its share.
fn sources(from: &Path, bytes: u64) -> Result<Vec<(String, Vec<u8>)>, Box<dyn Error>> {
    let mut paths = Vec::new();
    let mut folders = vec![from.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() && entry.metadata()?.len() <= FILE_BYTES_MAX {
                paths.push(entry.path());
            }
        }
    }
    paths.sort();
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

fn git(arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    let status = Command::new("git").args(arguments).stdin(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("git {arguments:?} failed").into()) }
}

/// A small generator of numbers (splitmix64): the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `end`; 0 when there is none.
    fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { (self.next() % end as u64) as usize }
    }

    /// Returns a number below `end`, low ones far more often.
    fn often_low(&mut self, end: usize) -> usize {
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((share * share * share) * end as f64) as usize
    }
}
