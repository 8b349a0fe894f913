//! A program beside the test, ended by its process id.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::left_out;

/// How long a program may take to end after it was asked to.
const END: Duration = Duration::from_secs(120);
const LOOK: Duration = Duration::from_millis(10);

/// A running program; dropping it kills it.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a program whose output goes to a log file, which is appended to.
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn start(name: &str, command: &mut Command, log: &Path) -> Result<Self> {
        let file =
            File::options().create(true).append(true).open(log).with_context(|| format!("cannot write {}", log.display()))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("cannot start {name}: {}", command.get_program().display()))?;
        Ok(Self { name: name.to_owned(), child, log: log.to_owned() })
    }

    /// Returns its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Returns what it has printed so far.
    #[must_use]
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Says whether it has ended, and how.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Ends it as the kernel does when memory is short: SIGKILL, at once, then waits until it is gone.
    pub fn kill(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// Sends a signal by its name: `TERM`, `STOP`, `CONT`, `INT`.
    ///
    /// # Errors
    /// There is no such process any more.
    pub fn signal(&self, name: &str) -> Result<()> {
        let status = Command::new("kill").arg(format!("-{name}")).arg(self.id().to_string()).status()?;
        if !status.success() {
            bail!("{} cannot be sent {name}", self.name);
        }
        Ok(())
    }

    /// Asks it to end and waits until it has.
    ///
    /// # Errors
    /// It does not end in time; it is killed then.
    pub fn stop(&mut self, signal: &str) -> Result<ExitStatus> {
        self.signal(signal)?;
        let began = Instant::now();
        while began.elapsed() < END {
            if let Some(status) = self.ended() {
                return Ok(status);
            }
            pause();
        }
        self.kill();
        bail!("{} did not end within {} s of SIG{signal}", self.name, END.as_secs())
    }

    /// Waits until it ends by itself.
    ///
    /// # Errors
    /// It does not within the limit.
    pub fn wait(&mut self, within: Duration) -> Result<ExitStatus> {
        let began = Instant::now();
        while began.elapsed() < within {
            if let Some(status) = self.ended() {
                return Ok(status);
            }
            pause();
        }
        bail!("{} still runs after {} s", self.name, within.as_secs())
    }

    /// Returns its resident memory in KiB (`VmRSS`), 0 when it has ended.
    #[must_use]
    pub fn resident_kib(&self) -> u64 {
        self.status_field("VmRSS:")
    }

    /// Returns the part of its resident memory that is not of files, in KiB (`RssAnon`): of the rest, clean pages of the program's
    /// own file, the system takes back what it needs.
    #[must_use]
    pub fn anonymous_kib(&self) -> u64 {
        self.status_field("RssAnon:")
    }

    /// Returns the most resident memory it ever had, in KiB (`VmHWM`).
    #[must_use]
    pub fn resident_kib_max(&self) -> u64 {
        self.status_field("VmHWM:")
    }

    fn status_field(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Returns a loopback port that was free a moment ago.
///
/// # Panics
/// When the system has none.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port can be bound");
    listener.local_addr().expect("a bound socket has an address").port()
}

/// Raises this process's limit of open files as far as it may and returns it.
///
/// # Panics
/// When the system does not tell its limits.
#[must_use]
pub fn open_files(wanted: u64) -> u64 {
    let limits = || {
        let text = std::fs::read_to_string("/proc/self/limits").expect("the kernel tells the limits of a process");
        let line = text.lines().find(|line| line.starts_with("Max open files")).unwrap_or_default().to_owned();
        let mut words = line.split_whitespace().skip(3).map(|word| word.parse().unwrap_or(u64::MAX));
        (words.next().unwrap_or(0), words.next().unwrap_or(0))
    };
    let (soft, hard) = limits();
    if soft < wanted {
        let asked = wanted.min(hard);
        let raised = Command::new("prlimit")
            .args(["--pid", &std::process::id().to_string(), &format!("--nofile={asked}:{hard}")])
            .status();
        if !raised.is_ok_and(|status| status.success()) {
            left_out("a higher limit of open files (prlimit is not there or not permitted)");
        }
    }
    limits().0
}

#[expect(
    clippy::disallowed_methods,
    reason = "a foreign process offers nothing to wait on but a look at it; every loop is bounded"
)]
fn pause() {
    std::thread::sleep(LOOK);
}
