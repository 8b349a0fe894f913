//! What is wrong with an installation, and what to do about it.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use watchfire_core::time::{Clock, micros};

use crate::args::args;
use crate::blob::Blobs;
use crate::db::{Link, Pool};
use crate::keys::Keyring;
use crate::{Conn, Error, Settings, entry, migrate, tally};

/// How good or bad a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum State {
    Ok,
    Warn,
    Fail,
}

/// One thing that was looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// A short fixed name: `key file`.
    pub name: &'static str,
    pub state: State,
    /// What was found.
    pub text: String,
    /// What to do; empty if nothing.
    pub remedy: String,
}

impl Finding {
    fn ok(name: &'static str, text: impl Into<String>) -> Self {
        Self { name, state: State::Ok, text: text.into(), remedy: String::new() }
    }

    fn warn(name: &'static str, text: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name, state: State::Warn, text: text.into(), remedy: remedy.into() }
    }

    fn fail(name: &'static str, text: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name, state: State::Fail, text: text.into(), remedy: remedy.into() }
    }
}

/// Looks at an installation without changing it, whether it runs or not. The worst finding says whether all is well.
pub async fn check(settings: &Settings, clock: &dyn Clock) -> Vec<Finding> {
    let mut findings = vec![key_file(settings), directory(settings)];
    let pool = match open(settings).await {
        Ok(Some(pool)) => pool,
        Ok(None) => {
            findings.push(Finding::warn("database", "there is none yet", "start the server once, or restore a backup"));
            return findings;
        }
        Err(error) => {
            findings.push(Finding::fail("database", error.to_string(), "see that it runs and can be reached"));
            return findings;
        }
    };
    if let Err(error) = inspect(&pool, settings, clock, &mut findings).await {
        findings.push(Finding::fail("database", error.to_string(), "restore the last good backup if it stays so"));
    }
    pool.close().await;
    findings
}

async fn open(settings: &Settings) -> Result<Option<Pool>, Error> {
    match &settings.database_url {
        Some(url) => Pool::postgres(url, 3).await.map(Some),
        None if settings.sqlite_path().exists() => Pool::onlooker(&settings.sqlite_path()).await.map(Some),
        None => Ok(None),
    }
}

async fn inspect(pool: &Pool, settings: &Settings, clock: &dyn Clock, findings: &mut Vec<Finding>) -> Result<(), Error> {
    findings.push(match pool.check().await {
        Ok(text) => Finding::ok("database", text),
        Err(error) => Finding::fail("database", error.to_string(), "change the setting named"),
    });
    let mut link = pool.reader().await?;
    let (version, latest) = (migrate::version(&mut link).await?, migrate::latest());
    findings.push(match version.cmp(&latest) {
        std::cmp::Ordering::Equal => Finding::ok("schema", format!("version {version}")),
        std::cmp::Ordering::Less => {
            Finding::warn("schema", format!("version {version} of {latest}"), "the next start brings it up to date")
        }
        std::cmp::Ordering::Greater => {
            Finding::fail("schema", format!("version {version}, this program knows {latest}"), "use a newer Watchfire")
        }
    });
    if version == 0 || version > latest {
        return Ok(());
    }
    let integrity = link.integrity().await?;
    findings.push(if integrity == "ok" {
        Finding::ok("integrity", "the database's own check finds nothing")
    } else {
        Finding::fail("integrity", integrity, "restore the last good backup")
    });
    backlog(&mut link, clock, findings).await?;
    let keys = match Keyring::existing(&mut link, settings).await {
        Ok(keys) => keys,
        Err(error) => {
            findings.push(Finding::fail("key", error.to_string(), "bring the right key file back"));
            return Ok(());
        }
    };
    findings.push(Finding::ok("key", "it is the one that the database was written with"));
    let blobs = Arc::new(Blobs::existing(settings.blob_dir()));
    let mut conn = Conn { link, keys: Arc::new(keys), blobs: Arc::clone(&blobs), answers: None };
    let record = entry::verify(&mut conn).await?;
    findings.push(match record.wrong.first() {
        None => {
            Finding::ok("record", format!("{} entries, {} erased fields, every leaf verifies", record.entries, record.erased))
        }
        Some(first) => Finding::fail(
            "record",
            format!("{} of {} entries are wrong, the first: {first}", record.wrong.len(), record.entries),
            "keep this database as evidence and compare it with a backup",
        ),
    });
    findings.push(missing_blobs(&mut conn, &blobs).await?);
    findings.push(tallies(&mut conn).await?);
    Ok(())
}

fn key_file(settings: &Settings) -> Finding {
    const NAME: &str = "key file";
    match crate::keys::read_key(settings) {
        Ok(Some(_)) => {
            Finding::ok(NAME, format!("{}, mode 0400; keep a copy apart from the backups", settings.key_path().display()))
        }
        Ok(None) => Finding::warn(
            NAME,
            format!("{} does not exist", settings.key_path().display()),
            "the first start makes one; for an existing database bring it back",
        ),
        Err(error) => Finding::fail(NAME, error.to_string(), "do what the text says"),
    }
}

fn directory(settings: &Settings) -> Finding {
    const NAME: &str = "data directory";
    let path: &Path = &settings.data_dir;
    let shown = path.display();
    match std::fs::metadata(path) {
        Err(_) => Finding::warn(NAME, format!("{shown} does not exist"), "the first start makes it"),
        Ok(meta) if meta.permissions().mode() & 0o077 != 0 => {
            Finding::warn(NAME, format!("others may read {shown}"), format!("run chmod 0700 {shown}"))
        }
        Ok(_) => Finding::ok(NAME, format!("{shown}, mode 0700")),
    }
}

/// Looks for work that nobody does.
async fn backlog(link: &mut Link, clock: &dyn Clock, findings: &mut Vec<Finding>) -> Result<(), Error> {
    const MINUTES: i64 = 60_000_000;
    let now = micros(clock.now());
    for (name, text, most) in [
        ("pending events", "SELECT COUNT(*) AS number, MIN(received_at) AS oldest FROM event WHERE status = 'pending'", 5),
        ("outbox", "SELECT COUNT(*) AS number, MIN(due_at) AS oldest FROM outbox WHERE done_at IS NULL", 15),
    ] {
        let rows = link.fetch_text(text, args![]).await?;
        let Some(row) = rows.first() else { continue };
        let (number, oldest) = (row.int("number")?, row.opt_int("oldest")?.unwrap_or(now));
        let minutes = now.saturating_sub(oldest) / MINUTES;
        findings.push(if minutes >= most {
            Finding::warn(
                name,
                format!("{number} wait, the oldest for {minutes} minutes"),
                "see that the server runs and read its log",
            )
        } else {
            Finding::ok(name, format!("{number} wait"))
        });
    }
    Ok(())
}

async fn missing_blobs(conn: &mut Conn, blobs: &Blobs) -> Result<Finding, Error> {
    const TEXT: &str = "SELECT DISTINCT blob FROM event WHERE blob IS NOT NULL";
    let (mut number, mut missing) = (0, Vec::new());
    for row in conn.link.fetch_text(TEXT, args![]).await? {
        let name = row.text("blob")?;
        number += 1;
        if !blobs.contains(&name) {
            missing.push(name);
        }
    }
    Ok(match missing.first() {
        None => Finding::ok("blobs", format!("{number} referred to, all there")),
        Some(first) => Finding::fail(
            "blobs",
            format!("{} of {number} are missing, the first: {first}", missing.len()),
            "copy them from a backup's blobs directory",
        ),
    })
}

/// Compares the tallies with what they count.
async fn tallies(conn: &mut Conn) -> Result<Finding, Error> {
    const TEXT: &str = "SELECT status, COUNT(*) AS number FROM alert GROUP BY status";
    let mut kept = tally::under(conn, "alerts.").await?;
    let mut wrong = Vec::new();
    for row in conn.link.fetch_text(TEXT, args![]).await? {
        let (status, number) = (row.text("status")?, row.int("number")?);
        let said = kept.remove(&status).unwrap_or(0);
        if said != number {
            wrong.push(format!("{number} alerts are {status}, the tally says {said}"));
        }
    }
    wrong.extend(kept.into_iter().map(|(status, said)| format!("no alert is {status}, the tally says {said}")));
    Ok(match wrong.first() {
        None => Finding::ok("tallies", "they agree with what they count"),
        Some(first) => Finding::warn("tallies", first.clone(), "if no change was being made just now, report it as a defect"),
    })
}
