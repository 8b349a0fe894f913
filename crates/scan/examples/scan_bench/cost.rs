//! What running a program costs, with everything that it starts.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The unit of `/proc/self/stat` on Linux.
const TICKS_PER_SECOND: f64 = 100.0;

/// A command line with what it needs around it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Run {
    pub(crate) program: String,
    pub(crate) arguments: Vec<String>,
    pub(crate) folder: Option<PathBuf>,
    pub(crate) variables: Vec<(String, String)>,
    pub(crate) input: Vec<u8>,
}

/// What one run cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// User and system time of the program and of all that it started.
    pub(crate) cpu_seconds: f64,
    pub(crate) wall_seconds: f64,
    /// The greatest sum of the resident memory of all processes.
    pub(crate) peak_mib: f64,
    pub(crate) code: Option<i32>,
}

impl Run {
    pub(crate) fn new(program: &str, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        Self { program: program.to_owned(), arguments, ..Self::default() }
    }

    /// Runs `runs` times and returns the run with the least CPU time: the machine may be shared.
    pub(crate) fn best(&self, runs: usize) -> Option<Cost> {
        let costs = (0..runs).map(|_| self.measure()).collect::<Option<Vec<Cost>>>()?;
        costs.into_iter().min_by(|a, b| a.cpu_seconds.total_cmp(&b.cpu_seconds))
    }

    /// Runs `runs` times and returns the mean CPU time and the median wall time, for programs that end within a tick.
    pub(crate) fn typical(&self, runs: usize) -> Option<Cost> {
        let mut costs = (0..runs).map(|_| self.measure()).collect::<Option<Vec<Cost>>>()?;
        costs.sort_by(|a, b| a.wall_seconds.total_cmp(&b.wall_seconds));
        let cpu_seconds = costs.iter().map(|cost| cost.cpu_seconds).sum::<f64>() / runs.max(1) as f64;
        let peak_mib = costs.iter().map(|cost| cost.peak_mib).fold(0.0, f64::max);
        costs.get(runs / 2).map(|middle| Cost { cpu_seconds, peak_mib, ..*middle })
    }

    #[expect(clippy::disallowed_methods, reason = "a sampler of another process has no condition to await")]
    fn measure(&self) -> Option<Cost> {
        let (before, began) = (children_seconds()?, Instant::now());
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).envs(self.variables.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
        // A program that reads nothing closes the pipe; that is its right.
        let _ = child.stdin.take()?.write_all(&self.input);
        let (root, mut peak_kib) = (child.id(), 0.0_f64);
        let status = loop {
            if let Some(status) = child.try_wait().ok()? {
                break status;
            }
            peak_kib = peak_kib.max(resident_kib(root));
            let elapsed = began.elapsed();
            std::thread::sleep(if elapsed < Duration::from_millis(100) {
                Duration::from_millis(1)
            } else {
                Duration::from_millis(10)
            });
        };
        let wall_seconds = began.elapsed().as_secs_f64();
        let cpu_seconds = children_seconds()? - before;
        Some(Cost { cpu_seconds, wall_seconds, peak_mib: peak_kib / 1024.0, code: status.code() })
    }
}

/// Returns user and system time of all children that have ended.
fn children_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program may hold blanks; the numbers start behind its bracket.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(13);
    let ticks: f64 = fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?;
    Some(ticks / TICKS_PER_SECOND)
}

/// Returns the resident memory of a process and of its children. For a lone process its high-water mark counts, which no
/// sampling misses.
fn resident_kib(root: u32) -> f64 {
    let (mut sum, mut waiting, mut count) = (0.0, vec![root], 0);
    let mut mark = 0.0_f64;
    while let Some(id) = waiting.pop() {
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        sum += field(&status, "VmRSS:");
        mark = mark.max(field(&status, "VmHWM:"));
        count += 1;
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        waiting.extend(children.split_whitespace().filter_map(|id| id.parse::<u32>().ok()));
    }
    if count == 1 { mark } else { sum.max(mark) }
}

fn field(status: &str, name: &str) -> f64 {
    let line = status.lines().find(|line| line.starts_with(name));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0.0)
}
