//! A PostgreSQL server of a test's own, to stop and start at will.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::{Folder, Process, eventually, free_port, left_out};

const START: Duration = Duration::from_secs(60);

/// A cluster in a temporary folder, with durable settings: a database that forgets would make a test lie.
#[derive(Debug)]
pub struct Cluster {
    process: Option<Process>,
    binaries: PathBuf,
    folder: Folder,
    port: u16,
}

impl Cluster {
    /// Makes a cluster and starts it; nothing, said plainly, where PostgreSQL's programs are not installed.
    ///
    /// # Panics
    /// When the programs are there and fail.
    pub async fn start(test: &str) -> Option<Self> {
        let Some(binaries) = binaries() else {
            left_out(&format!("{test} (the programs of a PostgreSQL server are not installed)"));
            return None;
        };
        let folder = Folder::new();
        if let Some(user) = server_user() {
            let owned = Command::new("chown").arg(user).arg(folder.path()).status();
            assert!(owned.is_ok_and(|status| status.success()), "root may give a folder away");
        }
        let mut initdb = as_server(&binaries.join("initdb"));
        initdb.current_dir(folder.path()).arg("--pgdata").arg(folder.path().join("data"));
        initdb.args(["--username=watchfire", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]);
        let made = initdb.output().expect("initdb runs");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let mut cluster = Self { process: None, binaries, folder, port: free_port() };
        cluster.resume().await;
        Some(cluster)
    }

    /// Returns the address of the maintenance database.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://watchfire@127.0.0.1:{}/postgres", self.port)
    }

    /// Stops the server as an administrator does who is in a hurry: connections break, what was committed stays.
    ///
    /// # Panics
    /// When it does not end.
    pub fn halt(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.stop("INT").expect("PostgreSQL ends its fast shutdown");
        }
    }

    /// Kills every process of the server at once, as a power cut would end them.
    ///
    /// # Panics
    /// When there is nothing to kill.
    pub fn crash(&mut self) {
        if let Some(mut process) = self.process.take() {
            // SIGQUIT is the immediate shutdown: no checkpoint, recovery at the next start.
            process.stop("QUIT").expect("PostgreSQL ends its immediate shutdown");
        }
    }

    /// Starts the server again and waits until it answers.
    ///
    /// # Panics
    /// When it does not come up.
    pub async fn resume(&mut self) {
        let mut server = as_server(&self.binaries.join("postgres"));
        server.current_dir(self.folder.path()).arg("-D").arg(self.folder.path().join("data")).arg("-k").arg(self.folder.path());
        server.args(["-h", "127.0.0.1", "-p", &self.port.to_string()]);
        for setting in ["fsync=on", "synchronous_commit=on", "max_connections=100", "shared_buffers=64MB"] {
            server.args(["-c", setting]);
        }
        let log = self.folder.path().join("server.log");
        self.process = Some(Process::start("PostgreSQL", &mut server, &log).expect("PostgreSQL starts"));
        let question = || {
            let mut ask = Command::new(self.binaries.join("pg_isready"));
            ask.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
            async move { ask.status().is_ok_and(|status| status.success()) }
        };
        eventually("PostgreSQL answers", START, question).await;
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.crash();
    }
}

/// Finds the programs of a server: where Debian keeps them, newest first, or beside `postgres` on the path.
fn binaries() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| is_server(folder))
        .collect();
    versions.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    versions.pop().map(|(_, folder)| folder).or_else(|| std::env::split_paths(&path).find(|folder| is_server(folder)))
}

fn is_server(folder: &Path) -> bool {
    folder.join("postgres").is_file() && folder.join("initdb").is_file()
}

/// Returns the user that the server runs as when this is root, which it refuses.
fn server_user() -> Option<&'static str> {
    let root = std::fs::read_to_string("/proc/self/status").unwrap_or_default().lines().any(|line| line.starts_with("Uid:\t0\t"));
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let known = users.lines().any(|line| line.starts_with("postgres:"));
    root.then_some(if known { "postgres" } else { "nobody" })
}

fn as_server(program: &Path) -> Command {
    match server_user() {
        Some(user) => {
            let mut command = Command::new("setpriv");
            command.args(["--reuid", user, "--regid", user, "--clear-groups", "--"]).arg(program);
            command
        }
        None => Command::new(program),
    }
}
