//! A program that runs beside the tests and ends with them.

use std::process::{Child, Command};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::install::{has, is_root};

const SETPRIV: &str = "/usr/bin/setpriv";

/// How long a program may take to end after it was asked to.
const END: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(50);

/// A child process; dropping it asks it to end and waits.
pub(crate) struct Process {
    name: String,
    child: Child,
}

impl Process {
    /// Starts a program; see [`as_user`] for how it is tied to this process.
    pub(crate) fn spawn(name: &str, command: &mut Command) -> Result<Self> {
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        Ok(Self { name: name.to_owned(), child })
    }

    /// Waits until `ready` says yes.
    ///
    /// # Errors
    /// When the program ends first or `within` has passed.
    pub(crate) fn wait_until(&mut self, within: Duration, mut ready: impl FnMut() -> bool) -> Result<()> {
        for _ in 0..within.as_millis() / POLL.as_millis() {
            if ready() {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended with {status} before it was ready", self.name);
            }
            pause();
        }
        bail!("{} was not ready within {} s", self.name, within.as_secs())
    }

    fn ended_within(&mut self, limit: Duration) -> bool {
        for _ in 0..limit.as_millis() / POLL.as_millis() {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return true;
            }
            pause();
        }
        false
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown and everybody else's request to end.
        let asked = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        if asked.is_err() || !self.ended_within(END) {
            eprintln!("{} does not end when asked, killing it", self.name);
            drop(self.child.kill());
            drop(self.child.wait());
        }
    }
}

/// Returns the command, to be run as `user`; with `tied` it also ends when its parent does.
///
/// Without a user, or where this process may not change it, the command runs as it is.
pub(crate) fn as_user(command: &Command, user: Option<&str>, tied: bool) -> Command {
    let mut wrapped = match user.filter(|_| is_root()) {
        Some(user) if has(SETPRIV) => {
            let mut setpriv = Command::new(SETPRIV);
            setpriv.args(["--reuid", user, "--regid", user, "--clear-groups"]);
            if tied {
                setpriv.args(["--pdeathsig", "INT"]);
            }
            setpriv
        }
        Some(user) => {
            let mut runuser = Command::new("runuser");
            runuser.args(["-u", user, "--"]);
            runuser
        }
        None if tied && has(SETPRIV) => {
            let mut setpriv = Command::new(SETPRIV);
            setpriv.args(["--pdeathsig", "INT"]);
            setpriv
        }
        None => Command::new("env"),
    };
    wrapped.arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        wrapped.current_dir(folder);
    }
    wrapped
}

#[expect(
    clippy::disallowed_methods,
    reason = "a foreign process offers nothing to wait on but a look at it; every loop is bounded"
)]
fn pause() {
    std::thread::sleep(POLL);
}
