//! Measures the secret scan beside the bare walk of a pack and beside other scanners: CPU seconds, wall seconds, peak memory.
//!
//! `cargo xtask bench scan [--repo PATH] [--write]` builds everything, installs the peers that are missing and calls this.
//! Alone: `scan_bench --program WATCHFIRE --work FOLDER [--repo PATH] [--peers FOLDER] [--write PAGE]`.

mod cost;
mod generate;
mod peers;
mod push;
mod resolve;
mod table;

use cost::{Cost, Run};
use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use table::Table;

/// Runs of our own of which the best counts; peers run once, they take minutes.
const RUNS: usize = 3;
/// Runs of what ends within milliseconds.
const SHORT_RUNS: usize = 30;

/// The repository that is made when none is named: its blobs are as many bytes as those of a large Rust project.
const CARGO_SIZED: generate::Size = generate::Size { tree_bytes: 44 << 20, blob_bytes: 1640 << 20 };
/// The working tree.
const TREE_BYTES: u64 = 48 << 20;

#[derive(Default)]
struct Arguments {
    program: PathBuf,
    work: PathBuf,
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
            "--repo" => arguments.repository = Some(value.into()),
            "--peers" => arguments.peers = Some(value.into()),
            "--write" => arguments.page = Some(value.into()),
            _ => return Err(format!("{word} is not known").into()),
        }
    }
    let page = measure(&arguments)?;
    writeln!(std::io::stdout(), "{page}")?;
    if let Some(path) = &arguments.page {
        table::replace(path, &page)?;
    }
    Ok(())
}

fn measure(arguments: &Arguments) -> Result<String, Box<dyn Error>> {
    let sources = sources()?;
    std::fs::create_dir_all(&arguments.work)?;
    let repository = match &arguments.repository {
        Some(path) => path.canonicalize()?,
        None => made(&arguments.work.join("cargo-sized.git"), |path| generate::repository(&sources, path, CARGO_SIZED))?,
    };
    let tree = made(&arguments.work.join("tree"), |path| generate::working_tree(&sources, path, TREE_BYTES).map(|_| ()))?;
    let own = std::env::current_exe()?.to_string_lossy().into_owned();
    let (program, repo, files) = (text(&arguments.program), text(&repository), text(&tree));
    let key = arguments.work.join("scan.key");
    if !key.is_file() {
        std::fs::write(&key, "07".repeat(32))?;
    }
    let watchfire =
        |words: &[&str]| Run { variables: vec![("WATCHFIRE_SCAN_KEY_FILE".to_owned(), text(&key))], ..Run::new(&program, words) };
    let peers = peers::installed(arguments.peers.as_deref());
    let mut page = table::heading(&repository, &tree)?;

    let mut history = Table::new("full history");
    let walk =
        history.row("every object of the pack resolved once, nothing scanned", Run::new(&own, &["--resolve", &repo]).best(RUNS));
    let mut scan = |name: &str, words: &[&str]| history.row(name, watchfire(words).best(RUNS));
    let ours = scan("**`watchfire scan --history`**", &["scan", "--history", "--format", "jsonl", "-q", &repo]);
    scan("`watchfire scan --history --full`", &["scan", "--history", "--full", "--format", "jsonl", "-q", &repo]);
    let log = history.row("`git log -p` alone", Run::new("git", &["-C", &repo, "log", "-p"]).best(1));
    let mut fastest: Option<Cost> = None;
    for peer in &peers {
        if let Some(run) = peer.history(&repo) {
            fastest = least(fastest, history.row(&peer.title(), run.best(1)));
        }
    }
    page.push_str(&history.text());
    page.push_str(&table::ratio("of the walk", ours, walk, "at most 3"));
    page.push_str(&table::ratio("of `git log -p`", ours, log, "below 1"));
    page.push_str(&table::ratio("of the fastest peer", ours, fastest, "at most 0.25"));
    page.push_str(&table::memory(ours));

    let mut trees = Table::new("working tree");
    let ours =
        trees.row("**`watchfire scan`**", watchfire(&["scan", "--no-ignore", "--format", "jsonl", "-q", &files]).best(RUNS));
    let mut fastest: Option<Cost> = None;
    for peer in &peers {
        if let Some(run) = peer.tree(&files) {
            fastest = least(fastest, trees.row(&peer.title(), run.best(1)));
        }
    }
    page.push_str(&trees.text());
    page.push_str(&table::ratio("of the fastest peer", ours, fastest, "at most 0.33"));

    let mut short = Table::new("short runs (mean CPU, median wall)");
    let line = Run { input: b"nothing here\n".to_vec(), ..watchfire(&["scan", "--stdin"]) };
    short.row("`watchfire scan --stdin` of one line, from start to end (budget 0.020)", line.typical(SHORT_RUNS));
    let hook = push::hook(&repository, &arguments.work, &program, &text(&key))?;
    short.row("`pre-receive` of 20 commits into this repository (budget 0.050)", hook.typical(SHORT_RUNS));
    page.push_str(&short.text());
    page.push_str(&peers::left_out(&peers));
    Ok(page)
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
fn sources() -> Result<PathBuf, Box<dyn Error>> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo"))).ok_or("no home folder")?;
    let mut folders: Vec<PathBuf> = std::fs::read_dir(home.join("registry/src"))?.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    folders.into_iter().next().ok_or_else(|| "cargo keeps no sources of crates here".into())
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
