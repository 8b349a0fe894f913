//! Makes a repository of known size out of the sources of published crates.
//!
//! The same sources and numbers give the same objects: the choice is made by a generator with a fixed seed.

use crate::random::Random;
use crate::sources;
use std::error::Error;
use std::io::{BufWriter, Write};
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::{Command, Stdio};

/// How large a repository is made, and how its files change.
#[derive(Clone, Debug)]
pub(crate) struct Size {
    /// Bytes of sources in the first commit.
    pub(crate) tree_bytes: u64,
    /// Bytes of all blobs, at least.
    pub(crate) blob_bytes: u64,
    /// Bytes of a file of the first commit.
    pub(crate) file_bytes: RangeInclusive<u64>,
    /// Folders below the root, each without folders of its own; `None` leaves every file where its crate has it.
    pub(crate) folders: Option<usize>,
    /// A commit changes up to so many files.
    pub(crate) files_max: usize,
    /// An edit takes away and brings up to so many lines in each of its hunks.
    pub(crate) hunk_lines: usize,
    /// Whether an edit brings exactly the bytes that it takes: git looks for delta bases in order of size, so that versions of
    /// one size lie in order of time, as those of files that grow.
    pub(crate) keeps_sizes: bool,
    /// The message of a commit has up to so many lines after its first.
    pub(crate) message_lines: usize,
}

/// An edit has up to so many hunks.
const HUNKS_MAX: usize = 4;
/// Commits are an hour apart from here, in seconds of the Unix epoch.
const FIRST_COMMIT: u64 = 1_500_000_000;

/// A text file and the lines that edits work on.
struct File {
    path: String,
    lines: Vec<Vec<u8>>,
}

/// Makes the bare repository `into` whose commits edit sources of `from`.
///
/// # Errors
/// Those of the file system and of git.
pub(crate) fn repository(from: &Path, into: &Path, size: &Size) -> Result<(), Box<dyn Error>> {
    let mut files = first_files(from, size)?;
    if files.is_empty() {
        return Err(format!("{} holds no sources", from.display()).into());
    }
    let path = into.to_string_lossy();
    git(&["init", "--quiet", "--bare", "--initial-branch=main", &path])?;
    // What is packed anew below is not worth compressing here.
    let mut child = Command::new("git")
        .args(["-C", &path, "-c", "core.compression=0", "fast-import", "--quiet", "--depth=0"])
        .stdin(Stdio::piped())
        .spawn()?;
    let mut out = BufWriter::with_capacity(1 << 20, child.stdin.take().ok_or("git has no standard input")?);
    history(&mut out, &mut files, size)?;
    out.write_all(b"done\n")?;
    drop(out);
    if !child.wait()?.success() {
        return Err("git fast-import failed".into());
    }
    git(&["-C", &path, "-c", "pack.threads=2", "repack", "-adFq", "--depth=50", "--window=10"])
}

/// Returns the files of the first commit.
fn first_files(from: &Path, size: &Size) -> Result<Vec<File>, Box<dyn Error>> {
    let chosen = sources::choose(from, size.tree_bytes, &size.file_bytes)?;
    let files = chosen.into_iter().enumerate().map(|(number, (path, text))| File {
        path: size.folders.map_or_else(|| path.clone(), |folders| flat(&path, number, folders)),
        lines: text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect(),
    });
    Ok(files.collect())
}

/// Returns a path that is at most one folder deep; every fourth file stands in the root. The number stands where git looks when it
/// tells files apart before it packs them.
fn flat(path: &str, number: usize, folders: usize) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "txt"));
    match number % 4 {
        0 => format!("{stem}-{number}.{ending}"),
        _ => format!("folder-{}/{stem}-{number}.{ending}", number % folders),
    }
}

/// Writes commits until the blobs are as large as wanted.
fn history(out: &mut impl Write, files: &mut [File], size: &Size) -> Result<(), Box<dyn Error>> {
    let mut random = Random(0x5eed);
    let every: Vec<usize> = (0..files.len()).collect();
    let mut bytes = commit(out, 0, "", files, &every)?;
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
        let mut changed: Vec<usize> = (0..=random.below(size.files_max))
            .map(|_| if random.below(2) == 0 { random.often_low(files.len()) } else { by_bytes(&ends, random.often_low(total)) })
            .collect();
        changed.sort_unstable();
        changed.dedup();
        for &at in &changed {
            edit(files, at, size, &mut random);
        }
        let message = match size.message_lines {
            0 => String::new(),
            lines => String::from_utf8_lossy(&excerpt(files, lines, &mut random).concat()).into_owned(),
        };
        bytes += commit(out, number, &message, files, &changed)?;
        number += 1;
    }
    Ok(())
}

/// Returns the file that holds the byte `at` of all files.
fn by_bytes(ends: &[usize], at: usize) -> usize {
    ends.partition_point(|end| *end <= at).min(ends.len().saturating_sub(1))
}

/// Replaces up to four hunks of a file by lines of other files.
fn edit(files: &mut [File], at: usize, size: &Size, random: &mut Random) {
    for _ in 0..=random.below(HUNKS_MAX) {
        let mut added = excerpt(files, size.hunk_lines, random);
        let Some(file) = files.get_mut(at) else { continue };
        let start = random.below(file.lines.len().max(1)).min(file.lines.len());
        // As much goes as comes, so that files keep their size.
        let end = (start + random.below(size.hunk_lines)).min(file.lines.len());
        if size.keeps_sizes {
            fit(&mut added, file.lines.get(start..end).unwrap_or_default().iter().map(Vec::len).sum());
        }
        file.lines.splice(start..end, added);
    }
}

/// Cuts or fills lines to so many bytes.
fn fit(lines: &mut Vec<Vec<u8>>, bytes: usize) {
    let mut left = bytes;
    for line in lines.iter_mut() {
        line.truncate(left);
        left -= line.len();
    }
    lines.retain(|line| !line.is_empty());
    if left > 0 {
        lines.push([vec![b' '; left - 1], vec![b'\n']].concat());
    }
}

/// Returns up to `lines` lines of any file.
fn excerpt(files: &[File], lines: usize, random: &mut Random) -> Vec<Vec<u8>> {
    let Some(source) = files.get(random.below(files.len())) else { return Vec::new() };
    let from = random.below(source.lines.len().max(1));
    source.lines.iter().skip(from).take(random.below(lines)).cloned().collect()
}

fn commit(out: &mut impl Write, number: u64, message: &str, files: &[File], changed: &[usize]) -> Result<u64, Box<dyn Error>> {
    let seconds = FIRST_COMMIT + number * 3600;
    let message = format!("change {number}\n{message}");
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

fn git(arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    let status = Command::new("git").args(arguments).stdin(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("git {arguments:?} failed").into()) }
}
