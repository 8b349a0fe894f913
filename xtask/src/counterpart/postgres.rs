//! A PostgreSQL of our own: a fresh cluster on a free loopback port, gone afterwards.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};

use super::install::is_root;
use super::process::{Process, as_user};
use crate::command::output;

const START: Duration = Duration::from_secs(60);

/// A running server and its folder.
pub(crate) struct Postgres {
    // Declared before the folder, so that the server has ended when its files go.
    _process: Process,
    _folder: Folder,
    /// The address of the maintenance database, as a role that may create others.
    pub(crate) url: String,
}

impl Postgres {
    /// Creates a cluster and starts the server of `binaries` on it.
    ///
    /// `fsync` stays on: a database that forgets would make the crash tests lie.
    pub(crate) fn start(binaries: &Path) -> Result<Self> {
        let user = is_root().then(server_user);
        let folder = Folder::create(user)?;
        let data = folder.0.join("data");
        let mut initdb = Command::new(binaries.join("initdb"));
        initdb.current_dir(&folder.0).arg("--pgdata").arg(&data);
        initdb.args(["--username=watchfire", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]);
        output(&mut as_user(&initdb, user, false)).context("initdb")?;

        let port = free_port()?;
        let mut server = Command::new(binaries.join("postgres"));
        server.current_dir(&folder.0).arg("-D").arg(&data).arg("-k").arg(&folder.0).args([
            "-h",
            "127.0.0.1",
            "-p",
            &port.to_string(),
        ]);
        for setting in
            ["fsync=on", "synchronous_commit=on", "max_connections=300", "shared_buffers=128MB", "log_min_messages=fatal"]
        {
            server.args(["-c", setting]);
        }
        let log = File::create(folder.0.join("server.log"))?;
        let mut wrapped = as_user(&server, user, true);
        wrapped.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::from(log));
        let mut process = Process::spawn("PostgreSQL", &mut wrapped)?;
        let ready = || {
            let mut question = Command::new(binaries.join("pg_isready"));
            question.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
            question.status().is_ok_and(|status| status.success())
        };
        if let Err(error) = process.wait_until(START, ready) {
            let log = std::fs::read_to_string(folder.0.join("server.log")).unwrap_or_default();
            return Err(error.context(log));
        }
        Ok(Self { _process: process, _folder: folder, url: format!("postgres://watchfire@127.0.0.1:{port}/postgres") })
    }
}

/// A folder under the system's temporary one, removed on drop.
struct Folder(PathBuf);

impl Folder {
    fn create(owner: Option<&str>) -> Result<Self> {
        // Not under the target folder: the server's own user often may not enter a developer's home.
        let made = output(Command::new("mktemp").args(["-d", "--tmpdir", "watchfire-postgres-XXXXXXXX"]))?;
        let folder = Self(PathBuf::from(String::from_utf8(made)?.trim()));
        if let Some(owner) = owner {
            output(Command::new("chown").arg(owner).arg(&folder.0))?;
        }
        Ok(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Returns the user to run the server as, which refuses to run as root.
fn server_user() -> &'static str {
    let known = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    if known.lines().any(|line| line.starts_with("postgres:")) { "postgres" } else { "nobody" }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0").context("no free loopback port")?.local_addr()?.port())
}
