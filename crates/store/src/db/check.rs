//! Versions and settings: what is too old or can lose what was accepted is refused.

use sqlx::postgres::PgConnection;
use sqlx::{Executor, Row as _};

use super::{Engine, Pool};
use crate::Error;

/// The least SQLite: earlier ones can lose a WAL reset (fixed in 3.51.3).
const SQLITE_LEAST: (u32, u32, u32) = (3, 51, 3);
/// The least PostgreSQL, as `server_version_num`.
const POSTGRES_LEAST: i64 = 150_000;
const UNSAFE_COMMIT: &str = "PostgreSQL runs with synchronous_commit=off, so what it acknowledges can be lost: switch it on";

impl Pool {
    /// Returns the version and the settings that matter, in words, after having refused unsafe ones.
    pub(crate) async fn check(&self) -> Result<String, Error> {
        let mut link = self.writer().await?;
        match self.engine() {
            Engine::Sqlite => {
                let version = link.one_text("SELECT sqlite_version()").await?;
                if parse_version(&version) < Some(SQLITE_LEAST) {
                    let (a, b, c) = SQLITE_LEAST;
                    return Err(Error::Refused(format!("SQLite {version} is too old: {a}.{b}.{c} or later is needed")));
                }
                let journal = link.one_text("SELECT journal_mode FROM pragma_journal_mode").await?;
                let synchronous = link.one_int("SELECT synchronous FROM pragma_synchronous").await?;
                if journal != "wal" || synchronous < 2 {
                    return Err(Error::Refused(format!(
                        "SQLite runs with journal_mode={journal}, synchronous={synchronous}; WAL and FULL (2) are needed to keep what was accepted"
                    )));
                }
                Ok(format!("SQLite {version}, WAL, synchronous=FULL"))
            }
            Engine::Postgres => {
                let version = link.one_int("SELECT current_setting('server_version_num')::bigint").await?;
                if version < POSTGRES_LEAST {
                    return Err(Error::Refused(format!("PostgreSQL {version} is too old: 15 or later is needed")));
                }
                for setting in ["synchronous_commit", "fsync", "full_page_writes"] {
                    let value = link
                        .fetch_text("SELECT current_setting($1, true) AS value", vec![setting.into()])
                        .await?
                        .first()
                        .map(|row| row.opt_text("value"))
                        .transpose()?
                        .flatten();
                    if value.as_deref() == Some("off") {
                        return Err(Error::Refused(format!(
                            "PostgreSQL runs with {setting}=off, so what it acknowledges can be lost: switch it on"
                        )));
                    }
                }
                let words = link.one_text("SELECT current_setting('server_version')").await?;
                Ok(format!("PostgreSQL {words}, synchronous_commit and fsync on"))
            }
        }
    }
}

/// Makes a connection ready: refuses one on which a commit is answered before it is on stable storage, and switches off the
/// compiling of statements, which takes tens of milliseconds where ours take one.
pub(super) async fn make_ready(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    conn.execute("SET jit = off").await?;
    let row = conn.fetch_one("SELECT current_setting('synchronous_commit')").await?;
    if row.try_get::<String, _>(0)? == "off" {
        return Err(sqlx::Error::Configuration(UNSAFE_COMMIT.into()));
    }
    Ok(())
}

fn parse_version(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??, parts.next().flatten().unwrap_or(0)))
}
