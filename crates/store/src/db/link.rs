//! One connection, and what each database does its own way.

use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, Postgres, Sqlite};

use super::Engine;
use super::errors::classify;
use super::words::translate;
use crate::Error;

/// One connection.
#[derive(Debug)]
pub(crate) enum Link {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

impl Link {
    /// Tells which database it is.
    pub(crate) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a script of several statements without arguments.
    pub(crate) async fn script(&mut self, text: &str) -> Result<(), Error> {
        let text = translate(text, self.engine()).into_owned();
        // Safe: scripts are constants (migrations, BEGIN and COMMIT) or hold a quoted path of our own.
        let query = sqlx::raw_sql(AssertSqlSafe(text));
        match self {
            Self::Sqlite(conn) => query.execute(&mut **conn).await.map(drop).map_err(classify),
            Self::Postgres(conn) => query.execute(&mut **conn).await.map(drop).map_err(classify),
        }
    }

    /// Prepares a text without running it, for the test of all statements.
    #[cfg(test)]
    pub(crate) async fn prepare(&mut self, text: &str) -> Result<(), Error> {
        let text = AssertSqlSafe(translate(text, self.engine()).into_owned());
        match self {
            Self::Sqlite(conn) => {
                sqlx::Executor::prepare(&mut **conn, sqlx::SqlSafeStr::into_sql_str(text)).await.map(drop).map_err(classify)
            }
            Self::Postgres(conn) => {
                sqlx::Executor::prepare(&mut **conn, sqlx::SqlSafeStr::into_sql_str(text)).await.map(drop).map_err(classify)
            }
        }
    }

    /// Begins a transaction that may write.
    pub(crate) async fn begin(&mut self) -> Result<(), Error> {
        self.script(self.engine().pick("BEGIN IMMEDIATE", "BEGIN")).await
    }

    /// Begins a transaction that reads one unchanging state.
    pub(crate) async fn begin_snapshot(&mut self) -> Result<(), Error> {
        self.script(self.engine().pick("BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")).await
    }

    /// Tells other nodes, at commit, that there is something new, and returns a mark by which
    /// [`Link::was_committed`] can tell later how the present transaction ended.
    pub(crate) async fn notify_and_mark(&mut self) -> Result<Option<String>, Error> {
        const TEXT: &str = "SELECT pg_notify('watchfire', '')::text AS notified, pg_current_xact_id()::text AS mark";
        match self.engine() {
            Engine::Sqlite => Ok(None),
            Engine::Postgres => self.fetch_text(TEXT, Vec::new()).await?.first().map(|row| row.text("mark")).transpose(),
        }
    }

    /// Tells whether the marked transaction was committed, when the answer to its commit was lost.
    pub(crate) async fn was_committed(&mut self, mark: &str) -> Result<bool, Error> {
        let rows = self.fetch_text("SELECT pg_xact_status($1::text::xid8) AS value", vec![mark.into()]).await?;
        match rows.first().map(|row| row.opt_text("value")).transpose()?.flatten().as_deref() {
            Some("committed") => Ok(true),
            Some("aborted") => Ok(false),
            other => Err(Error::Unavailable(format!("the end of a transaction is not known: {}", other.unwrap_or("no answer")))),
        }
    }

    /// Ends the transaction without keeping it; if that fails, the connection is thrown away.
    pub(crate) async fn rollback(mut self) -> Option<Self> {
        if self.script("ROLLBACK").await.is_ok() {
            return Some(self);
        }
        self.discard();
        None
    }

    /// Throws the connection away instead of handing it back.
    pub(crate) fn discard(mut self) {
        match &mut self {
            Self::Sqlite(conn) => conn.close_on_drop(),
            Self::Postgres(conn) => conn.close_on_drop(),
        }
    }

    /// Takes a lock that ends with the transaction; `false` if another node has it. SQLite has one writer anyway.
    pub(crate) async fn try_exclusive(&mut self, number: i64) -> Result<bool, Error> {
        match self.engine() {
            Engine::Sqlite => Ok(true),
            Engine::Postgres => {
                let rows = self.fetch_text("SELECT pg_try_advisory_xact_lock($1) AS value", vec![number.into()]).await?;
                rows.first().map_or(Ok(false), |row| row.bool("value"))
            }
        }
    }

    /// Takes a lock that ends with the transaction, waiting for it.
    pub(crate) async fn exclusive(&mut self, number: i64) -> Result<(), Error> {
        match self.engine() {
            Engine::Sqlite => Ok(()),
            Engine::Postgres => self.fetch_text("SELECT pg_advisory_xact_lock($1)::text", vec![number.into()]).await.map(drop),
        }
    }

    /// Moves what is in the write-ahead log into the database file; nothing to do for PostgreSQL.
    pub(crate) async fn checkpoint(&mut self) -> Result<(), Error> {
        match self.engine() {
            Engine::Sqlite => self.script("PRAGMA wal_checkpoint(TRUNCATE)").await,
            Engine::Postgres => Ok(()),
        }
    }

    /// Moves as much of the write-ahead log as can be moved without anybody waiting.
    pub(crate) async fn checkpoint_beside(&mut self) -> Result<(), Error> {
        match self.engine() {
            Engine::Sqlite => self.script("PRAGMA wal_checkpoint(PASSIVE)").await,
            Engine::Postgres => Ok(()),
        }
    }

    /// Tells whether a table exists.
    pub(crate) async fn has_table(&mut self, name: &str) -> Result<bool, Error> {
        let text = match self.engine() {
            Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name = $1",
            Engine::Postgres => {
                "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() AND table_name::text = $1"
            }
        };
        Ok(!self.fetch_text(text, vec![name.into()]).await?.is_empty())
    }

    /// Sets the counter of a serial key behind the highest number in use, after rows were copied in.
    pub(crate) async fn reset_serial(&mut self, table: &'static str, column: &'static str) -> Result<(), Error> {
        match self.engine() {
            Engine::Sqlite => Ok(()),
            Engine::Postgres => {
                let text = format!(
                    "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), COALESCE((SELECT MAX({column}) FROM {table}), 0) + 1, false)::text AS value"
                );
                self.fetch_text(&text, Vec::new()).await.map(drop)
            }
        }
    }

    /// Runs the database's own check of itself; `ok` or what is wrong.
    pub(crate) async fn integrity(&mut self) -> Result<String, Error> {
        match self.engine() {
            Engine::Sqlite => self.one_text("SELECT integrity_check FROM pragma_integrity_check LIMIT 1").await,
            Engine::Postgres => Ok("ok".to_owned()),
        }
    }

    pub(super) async fn one_text(&mut self, text: &'static str) -> Result<String, Error> {
        let rows = self.fetch_text(text, Vec::new()).await?;
        rows.first().ok_or_else(|| Error::damaged("an answer without rows"))?.first_text()
    }

    pub(super) async fn one_int(&mut self, text: &'static str) -> Result<i64, Error> {
        let rows = self.fetch_text(text, Vec::new()).await?;
        rows.first().ok_or_else(|| Error::damaged("an answer without rows"))?.first_int()
    }
}
