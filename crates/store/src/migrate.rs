//! The schema, step by step. Steps only ever add, so that the version before can still run beside this one.

use watchfire_core::time::Timestamp;

use crate::Error;
use crate::args::args;
use crate::db::Link;
use crate::statements::statements;

statements! {
    CREATE = "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, applied_at BIGINT NOT NULL) STRICT_TABLE";
    CURRENT = "SELECT COALESCE(MAX(version), 0) AS version FROM schema_version";
    DONE = "INSERT INTO schema_version (version, applied_at) VALUES ($1, $2)";
}

/// One step of the schema.
struct Step {
    /// Runs on both databases.
    common: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

impl Step {
    /// A step in the words that both databases understand.
    const fn same(common: &'static str) -> Self {
        Self { common, sqlite: "", postgres: "" }
    }
}

/// All steps in order; the schema's version is their number.
const STEPS: &[Step] = &[
    Step {
        common: include_str!("../migrations/0001_tables.sql"),
        sqlite: include_str!("../migrations/0001_append_only.sqlite.sql"),
        postgres: include_str!("../migrations/0001_append_only.postgres.sql"),
    },
    Step::same(include_str!("../migrations/0002_people.sql")),
    Step::same(include_str!("../migrations/0003_oncall.sql")),
    Step::same(include_str!("../migrations/0004_channels.sql")),
    Step::same(include_str!("../migrations/0005_paging.sql")),
    Step::same(include_str!("../migrations/0006_sign_in.sql")),
    Step::same(include_str!("../migrations/0007_console.sql")),
    Step::same(include_str!("../migrations/0008_incident_alerts.sql")),
    Step::same(include_str!("../migrations/0009_responsibility.sql")),
    Step::same(include_str!("../migrations/0010_teams_of_incidents.sql")),
    Step::same(include_str!("../migrations/0011_open_pages_of_people.sql")),
    Step::same(include_str!("../migrations/0012_what_is_over.sql")),
];

/// The lock under which one node at a time migrates.
const MIGRATION: i64 = 0x7761_7463_6802;

/// Returns the version of the schema that this program knows.
pub(crate) fn latest() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// Brings the database to the latest schema; each step is one transaction.
///
/// # Errors
/// [`Error::Refused`] for a schema that is newer than this program.
pub(crate) async fn run(link: &mut Link, now: Timestamp) -> Result<(), Error> {
    loop {
        link.begin().await?;
        match step(link, now).await {
            Ok(more) => {
                link.script("COMMIT").await?;
                if !more {
                    return Ok(());
                }
            }
            Err(error) => {
                link.script("ROLLBACK").await.ok();
                return Err(error);
            }
        }
    }
}

/// Returns the schema's version in the database.
pub(crate) async fn version(link: &mut Link) -> Result<i64, Error> {
    if !link.has_table("schema_version").await? {
        return Ok(0);
    }
    link.fetch(&CURRENT, Vec::new()).await?.first().map_or(Ok(0), |row| row.int("version"))
}

async fn step(link: &mut Link, now: Timestamp) -> Result<bool, Error> {
    link.exclusive(MIGRATION).await?;
    let version = version(link).await?;
    if version > latest() {
        return Err(Error::Refused(format!(
            "the database has schema {version}, this program knows {}: use a newer Watchfire, or restore a backup of the older one",
            latest()
        )));
    }
    let Some(step) = usize::try_from(version).ok().and_then(|at| STEPS.get(at)) else { return Ok(false) };
    if version == 0 {
        link.execute(&CREATE, Vec::new()).await?;
    }
    link.script(step.common).await?;
    let own = link.engine().pick(step.sqlite, step.postgres);
    if !own.is_empty() {
        link.script(own).await?;
    }
    link.execute(&DONE, args![version + 1, now]).await?;
    Ok(version + 1 < latest())
}
