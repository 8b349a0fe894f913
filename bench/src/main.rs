//! Measurements beside their probes and peers, printed as one Markdown table with ratios and budgets.
//!
//! `cargo xtask bench [name ...] [--write]` builds the server for release and runs this; `WATCHFIRE_BENCH_SERVER` names
//! the built server, `WATCHFIRE_TEST_POSTGRES_URL` and `WATCHFIRE_TEST_ALERTMANAGER` the counterparts. What is missing is
//! left out and named.

mod appends;
mod console;
mod figures;
mod growth;
mod ingest;
mod load;
mod machine;
mod memory;
mod paging;
mod pending;
mod probe;
mod reference;
mod size;
mod start;

use std::io::Write;

use anyhow::{Context, Result, bail};
use watchfire_testkit::Database;

use crate::figures::Report;

/// The measurements by name.
const NAMES: [&str; 8] = ["appends", "ingest", "memory", "paging", "start", "growth", "console", "size"];

/// The page whose table `--write` replaces, from the root of the project.
const REFERENCE: &str = "docs/reference/benchmarks.md";

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    let (flags, mut names): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|word| word.starts_with("--"));
    if let Some(unknown) = names.iter().find(|name| !NAMES.contains(&name.as_str())) {
        bail!("there is no measurement {unknown:?}; there are {}", NAMES.join(", "));
    }
    if names.is_empty() {
        names = NAMES.map(str::to_owned).to_vec();
    }
    let server = std::env::var("WATCHFIRE_BENCH_SERVER").context("WATCHFIRE_BENCH_SERVER names no built server")?;
    let mut report = Report::default();
    if names.iter().any(|name| name == "size") {
        size::measure(&server, &mut report)?;
    }
    for database in databases() {
        let wants = |name: &str| names.iter().any(|wanted| wanted == name);
        if wants("appends") {
            appends::measure(database, &mut report).await?;
        }
        if wants("ingest") {
            ingest::measure(&server, database, &mut report).await?;
        }
        if wants("memory") || wants("growth") {
            memory::measure(&server, database, wants("growth"), &mut report).await?;
        }
        if wants("console") {
            console::measure(&server, database, &mut report).await?;
        }
        if wants("paging") {
            paging::measure(&server, database, &mut report).await?;
        }
        if wants("start") {
            start::measure(&server, database, &mut report).await?;
        }
    }
    let text = format!("{}\n{}", machine::describe(&server), report.table());
    drop(writeln!(std::io::stdout(), "{text}"));
    if flags.iter().any(|flag| flag == "--write") {
        reference::write(REFERENCE.as_ref(), &text)?;
    }
    Ok(())
}

/// The two databases; each measurement makes one of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    /// Makes a database that is dropped after the measurement.
    pub(crate) fn create(self) -> Database {
        match self {
            Self::Sqlite => Database::Sqlite,
            Self::Postgres => Database::postgres("a measurement").expect("looked at before: the address is set"),
        }
    }

    /// Returns its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

fn databases() -> Vec<Kind> {
    let mut kinds = vec![Kind::Sqlite];
    if std::env::var("WATCHFIRE_TEST_POSTGRES_URL").is_ok_and(|url| !url.is_empty()) {
        kinds.push(Kind::Postgres);
    } else {
        watchfire_testkit::left_out("measurements on PostgreSQL (WATCHFIRE_TEST_POSTGRES_URL is not set)");
    }
    kinds
}
