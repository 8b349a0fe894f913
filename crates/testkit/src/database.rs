//! The database that a server of a test runs on.

use std::io::Write;
use std::process::Command;

/// Where a server keeps what it knows; on PostgreSQL each test has a database of its own, dropped at the end.
#[derive(Debug)]
pub enum Database {
    Sqlite,
    Postgres(Postgres),
}

/// A database on a running PostgreSQL server.
#[derive(Debug)]
pub struct Postgres {
    maintenance: String,
    name: String,
    url: String,
}

impl Database {
    /// Makes a database on the server that `WATCHFIRE_TEST_POSTGRES_URL` names; nothing, said plainly, when it is not set.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn postgres(test: &str) -> Option<Self> {
        match std::env::var("WATCHFIRE_TEST_POSTGRES_URL") {
            Ok(url) if !url.is_empty() => Some(Self::on(&url)),
            _ => {
                left_out(&format!("{test} on PostgreSQL (WATCHFIRE_TEST_POSTGRES_URL is not set)"));
                None
            }
        }
    }

    /// Makes a database on the server behind a maintenance address (`postgres://user@host:port/postgres`).
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn on(maintenance: &str) -> Self {
        let name = format!("watchfire_test_{:016x}", rand::random::<u64>());
        sql(maintenance, &format!("create database {name}")).expect("a test may create its database");
        let (head, query) = maintenance.split_once('?').map_or((maintenance, ""), |(head, query)| (head, query));
        let server = head.rsplit_once('/').map_or(head, |(server, _)| server);
        let query = if query.is_empty() { String::new() } else { format!("?{query}") };
        Self::Postgres(Postgres { maintenance: maintenance.to_owned(), url: format!("{server}/{name}{query}"), name })
    }

    /// Returns the address for `--database-url`, nothing for SQLite.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres(postgres) => Some(&postgres.url),
        }
    }

    /// Returns a word for titles.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The server of the test may still be ending, or the cluster be gone: neither is the test's matter.
        drop(sql(&self.maintenance, &format!("drop database if exists {} with (force)", self.name)));
    }
}

/// Says a line on standard error, past the capture of the test runner.
pub fn say(line: &str) {
    drop(writeln!(std::io::stderr(), "{line}"));
}

/// Says plainly, past the capture of the test runner, what a run left out and why.
pub fn left_out(what: &str) {
    say(&format!("left out: {what}"));
}

fn sql(url: &str, statement: &str) -> Result<(), String> {
    let output = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement])
        .output()
        .map_err(|error| format!("psql: {error}"))?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}
