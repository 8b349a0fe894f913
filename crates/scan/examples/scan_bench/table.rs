//! The page that the measurements are written to.

use crate::cost::Cost;
use crate::resolve;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

/// After the line of its measurement the page belongs to it, until this line.
const END: &str = "<!-- end of what is written -->";

/// One table of rows.
pub(crate) struct Table(String);

impl Table {
    pub(crate) fn new(title: &str) -> Self {
        Self(format!("\n\n| {title} | CPU s | wall s | peak MiB |\n|---|---|---|---|\n"))
    }

    /// Adds a row and returns its cost.
    pub(crate) fn row(&mut self, name: &str, cost: Option<Cost>) -> Option<Cost> {
        let _ = match cost {
            Some(cost) if cost.code.is_some_and(|code| code <= 1 || code >= 200) => {
                writeln!(self.0, "| {name} | {:.3} | {:.3} | {:.0} |", cost.cpu_seconds, cost.wall_seconds, cost.peak_mib)
            }
            Some(cost) => writeln!(
                self.0,
                "| {name} | {:.3} | {:.3} | {:.0} (ended with {:?}) |",
                cost.cpu_seconds, cost.wall_seconds, cost.peak_mib, cost.code
            ),
            None => writeln!(self.0, "| {name} | could not be run | | |"),
        };
        let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("{name}: {cost:?}\n").as_bytes());
        cost
    }

    pub(crate) fn text(self) -> String {
        self.0
    }
}

/// Says what was measured, on what and when.
///
/// # Errors
/// When the repository cannot be read.
pub(crate) fn heading(repository: &Path) -> Result<String, Box<dyn Error>> {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpu.lines().find_map(|line| line.strip_prefix("model name")).map_or("", |rest| rest.trim_start_matches([' ', '\t', ':']));
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().next().unwrap_or("?");
    let mut packs = 0;
    for entry in std::fs::read_dir(resolve::objects(repository).join("pack"))? {
        let entry = entry?;
        if entry.path().extension().is_some_and(|extension| extension == "pack") {
            packs += entry.metadata()?.len();
        }
    }
    let date = std::process::Command::new("date").args(["-u", "+%Y-%m-%d"]).output()?;
    let date = String::from_utf8_lossy(&date.stdout).trim().to_owned();
    let blobs = resolve::resolve(repository)?;
    let name = repository.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(format!(
        "Measured on {date}: watchfire {}, {cores} cores ({model}), load average {load} when it began. CPU seconds are user and system \\\n\
         time of the program and of all that it started; under load wall seconds say little, and ratios within the run hold best.\n\n\
         Repository `{name}`: packs of {} MiB, {} MiB of objects.\n",
        env!("CARGO_PKG_VERSION"),
        packs >> 20,
        blobs >> 20,
    )
    .replace("\\\n", "\n"))
}

/// Returns how many files a folder holds, and their bytes.
///
/// # Errors
/// Those of the file system.
pub(crate) fn size(folder: &Path) -> Result<(u64, u64), Box<dyn Error>> {
    let (mut files, mut bytes, mut waiting) = (0, 0, vec![folder.to_owned()]);
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                waiting.push(entry.path());
            } else {
                files += 1;
                bytes += entry.metadata()?.len();
            }
        }
    }
    Ok((files, bytes))
}

/// Says how our cost stands to another.
pub(crate) fn ratio(of: &str, ours: Option<Cost>, other: Option<Cost>, budget: &str) -> String {
    match (ours, other) {
        (Some(ours), Some(other)) if other.cpu_seconds > 0.0 => {
            format!("\n- {:.2} times the CPU {of} (budget: {budget})", ours.cpu_seconds / other.cpu_seconds)
        }
        _ => String::new(),
    }
}

/// Says how much memory we took.
pub(crate) fn memory(ours: Option<Cost>, budget_mib: u32) -> String {
    ours.map_or_else(String::new, |ours| format!("\n- {:.0} MiB at its peak (budget: {budget_mib})", ours.peak_mib))
}

/// Replaces what stands after the line of the measurement `scale` in the page at `path`.
///
/// # Errors
/// When the page has no such line, or none that ends it.
pub(crate) fn replace(path: &Path, scale: &str, table: &str) -> Result<(), Box<dyn Error>> {
    let page = std::fs::read_to_string(path)?;
    let begin = format!("<!-- written by cargo xtask bench scan --size {scale} --write -->");
    let (head, rest) = page.split_once(&begin).ok_or_else(|| format!("{} has no line {begin}", path.display()))?;
    let (_, tail) = rest.split_once(END).ok_or_else(|| format!("{} has no line {END}", path.display()))?;
    let mut text = String::new();
    write!(text, "{head}{begin}\n\n{}\n\n{END}{tail}", table.trim())?;
    std::fs::write(path, text)?;
    Ok(())
}
