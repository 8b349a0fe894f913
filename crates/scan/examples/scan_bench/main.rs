//! Measures the secret scan beside the bare walk of a pack and beside other scanners: CPU seconds, wall seconds, peak memory.
//!
//! `cargo xtask bench scan [--size cargo|git] [--repo PATH] [--write]` builds everything, installs the peers that are
//! missing and calls this. Alone: `scan_bench --program WATCHFIRE --work FOLDER [--size SIZE] [--repo PATH] [--peers FOLDER] [--write PAGE]`.

mod cost;
mod generate;
mod peers;
mod push;
mod random;
mod resolve;
mod sources;
mod table;

use cost::{Cost, Run};
use generate::Size;
use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use table::Table;

/// Runs of our own of which the best counts; peers run once, they take minutes.
const RUNS: usize = 3;
/// Runs of what ends within milliseconds.
const SHORT_RUNS: usize = 30;

/// How large a history is, and what its scan may cost.
struct Scale {
    name: &'static str,
    /// The repository that is made when none is named.
    size: Size,
    /// Of the CPU of the fastest peer.
    share: &'static str,
    memory_mib: u32,
}

/// The blobs are as many bytes as those of rust-lang/cargo and of git/git.
const SCALES: [Scale; 2] = [
    Scale {
        name: "cargo",
        size: Size {
            tree_bytes: 44 << 20,
            blob_bytes: 1640 << 20,
            file_bytes: sources::USUAL_FILE_BYTES,
            folders: None,
            files_max: 9,
            hunk_lines: 64,
            keeps_sizes: false,
            message_lines: 0,
        },
        share: "at most 0.25",
        memory_mib: 200,
    },
    Scale {
        name: "git",
        size: Size {
            tree_bytes: 44 << 20,
            blob_bytes: 5270 << 20,
            file_bytes: 8 << 10..=128 << 10,
            folders: Some(7),
            files_max: 3,
            hunk_lines: 112,
            keeps_sizes: true,
            message_lines: 40,
        },
        share: "at most 0.20",
        memory_mib: 400,
    },
];
/// The working tree.
const TREE_BYTES: u64 = 48 << 20;

#[derive(Default)]
struct Arguments {
    program: PathBuf,
    work: PathBuf,
    size: String,
    repository: Option<PathBuf>,
    peers: Option<PathBuf>,
    page: Option<PathBuf>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = Arguments::default();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or_else(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--resolve" => {
                let bytes = resolve::resolve(Path::new(&value))?;
                writeln!(std::io::stderr(), "{} MiB resolved", bytes >> 20)?;
                return Ok(());
            }
            "--program" => arguments.program = value.into(),
            "--work" => arguments.work = value.into(),
            "--size" => arguments.size = value,
            "--repo" => arguments.repository = Some(value.into()),
            "--peers" => arguments.peers = Some(value.into()),
            "--write" => arguments.page = Some(value.into()),
            _ => return Err(format!("{word} is not known").into()),
        }
    }
    let scale = SCALES.iter().find(|scale| arguments.size.is_empty() || scale.name == arguments.size);
    let scale = scale.ok_or_else(|| format!("{} is no size; cargo and git are", arguments.size))?;
    let page = measure(&arguments, scale)?;
    writeln!(std::io::stdout(), "{page}")?;
    if let Some(path) = &arguments.page {
        table::replace(path, scale.name, &page)?;
    }
    Ok(())
}

fn measure(arguments: &Arguments, scale: &Scale) -> Result<String, Box<dyn Error>> {
    let sources = crates()?;
    std::fs::create_dir_all(&arguments.work)?;
    let repository = match &arguments.repository {
        Some(path) => path.canonicalize()?,
        None => {
            let path = arguments.work.join(format!("{}-sized.git", scale.name));
            made(&path, |path| generate::repository(&sources, path, &scale.size))?
        }
    };
    let key = arguments.work.join("scan.key");
    if !key.is_file() {
        std::fs::write(&key, "07".repeat(32))?;
    }
    let subject = Subject {
        program: text(&arguments.program),
        variables: vec![("WATCHFIRE_SCAN_KEY_FILE".to_owned(), text(&key))],
        peers: peers::installed(arguments.peers.as_deref()),
    };
    let mut page = table::heading(&repository)?;
    page.push_str(&history(&subject, &text(&repository), scale)?);
    let mut short = Table::new("short runs (mean CPU, median wall)");
    // What does not depend on the history is measured once.
    if scale.name == "cargo" {
        let tree = made(&arguments.work.join("tree"), |path| sources::copy(&sources, path, TREE_BYTES).map(|_| ()))?;
        page.push_str(&files(&subject, &tree)?);
        let line = Run { input: b"nothing here\n".to_vec(), ..subject.watchfire(&["scan", "--stdin"]) };
        short.row("`watchfire scan --stdin` of one line, from start to end (budget 0.020)", line.typical(SHORT_RUNS));
    }
    let hook = push::hook(&repository, &arguments.work, &subject.program, &text(&key))?;
    short.row("`pre-receive` of 20 commits into this repository (budget 0.050)", hook.typical(SHORT_RUNS));
    page.push_str(&short.text());
    page.push_str(&peers::left_out(&subject.peers));
    Ok(page)
}

/// The program that is measured, and those beside it.
struct Subject {
    program: String,
    variables: Vec<(String, String)>,
    peers: Vec<peers::Peer>,
}

impl Subject {
    fn watchfire(&self, words: &[&str]) -> Run {
        Run { variables: self.variables.clone(), ..Run::new(&self.program, words) }
    }
}

fn history(subject: &Subject, repository: &str, scale: &Scale) -> Result<String, Box<dyn Error>> {
    let own = std::env::current_exe()?.to_string_lossy().into_owned();
    let mut rows = Table::new("full history");
    let walk = Run::new(&own, &["--resolve", repository]).best(RUNS);
    let walk = rows.row("every object of the pack resolved once, nothing scanned", walk);
    let mut scan = |name: &str, words: &[&str]| rows.row(name, subject.watchfire(words).best(RUNS));
    let ours = scan("**`watchfire scan --history`**", &["scan", "--history", "--format", "jsonl", "-q", repository]);
    scan("`watchfire scan --history --full`", &["scan", "--history", "--full", "--format", "jsonl", "-q", repository]);
    let log = rows.row("`git log -p` alone", Run::new("git", &["-C", repository, "log", "-p"]).best(1));
    let mut fastest: Option<Cost> = None;
    for peer in &subject.peers {
        if let Some(run) = peer.history(repository) {
            fastest = least(fastest, rows.row(&peer.title(), run.best(1)));
        }
    }
    let mut text = rows.text();
    text.push_str(&table::ratio("of the walk", ours, walk, "at most 3"));
    text.push_str(&table::ratio("of `git log -p`", ours, log, "below 1"));
    text.push_str(&table::ratio("of the fastest peer", ours, fastest, scale.share));
    text.push_str(&table::memory(ours, scale.memory_mib));
    Ok(text)
}

fn files(subject: &Subject, tree: &Path) -> Result<String, Box<dyn Error>> {
    let folder = text(tree);
    let (count, bytes) = table::size(tree)?;
    let mut rows = Table::new(&format!("working tree: {count} files, {} MiB", bytes >> 20));
    let ours = subject.watchfire(&["scan", "--no-ignore", "--format", "jsonl", "-q", &folder]).best(RUNS);
    let ours = rows.row("**`watchfire scan`** (budget 0.350)", ours);
    let mut fastest: Option<Cost> = None;
    for peer in &subject.peers {
        if let Some(run) = peer.tree(&folder) {
            fastest = least(fastest, rows.row(&peer.title(), run.best(1)));
        }
    }
    Ok(rows.text() + &table::ratio("of the fastest peer", ours, fastest, "at most 0.33"))
}

fn least(one: Option<Cost>, other: Option<Cost>) -> Option<Cost> {
    one.into_iter().chain(other).min_by(|a, b| a.cpu_seconds.total_cmp(&b.cpu_seconds))
}

/// Makes a test object once; half of one is never taken for a whole.
fn made(path: &Path, make: impl Fn(&Path) -> Result<(), Box<dyn Error>>) -> Result<PathBuf, Box<dyn Error>> {
    if !path.exists() {
        let half = path.with_extension("half");
        if half.exists() {
            std::fs::remove_dir_all(&half)?;
        }
        writeln!(std::io::stderr(), "making {}", path.display())?;
        make(&half)?;
        std::fs::rename(&half, path)?;
    }
    Ok(path.canonicalize()?)
}

/// Returns the folder in which cargo keeps the sources of published crates.
fn crates() -> Result<PathBuf, Box<dyn Error>> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo"))).ok_or("no home folder")?;
    let mut folders: Vec<PathBuf> = std::fs::read_dir(home.join("registry/src"))?.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    folders.into_iter().next().ok_or_else(|| "cargo keeps no sources of crates here".into())
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
