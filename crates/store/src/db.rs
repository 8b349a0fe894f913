//! The two databases: the only file that asks which one it is.

use std::borrow::Cow;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use serde::de::DeserializeOwned;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgListener, PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, Postgres, Row as _, Sqlite};
use watchfire_core::id::Id;
use watchfire_core::time::{Timestamp, from_micros};

use crate::Error;
use crate::args::Value;
use crate::statements::Sql;

/// The least SQLite: earlier ones can lose a WAL reset (fixed in 3.51.3).
const SQLITE_LEAST: (u32, u32, u32) = (3, 51, 3);
/// The least PostgreSQL, as `server_version_num`.
const POSTGRES_LEAST: i64 = 150_000;
/// How long anybody waits for a connection.
const CONNECT_WAIT: Duration = Duration::from_secs(3);
/// Statements that each connection keeps prepared; more than there are.
const STATEMENT_CACHE: usize = 400;
/// The channel of hints between nodes.
const CHANNEL: &str = "watchfire";

/// Which database it is, for reports to people.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// The connections to one database.
#[derive(Clone, Debug)]
pub(crate) enum Pool {
    Sqlite { writer: SqlitePool, readers: SqlitePool },
    Postgres(PgPool),
}

/// One connection.
#[derive(Debug)]
pub(crate) enum Link {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// One row of an answer, read by column name.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Pool {
    /// Opens the SQLite database at a path, making it if it is missing.
    ///
    /// # Errors
    /// [`Error::Refused`] for an old library; what SQLite says otherwise.
    pub(crate) async fn sqlite(path: &Path, readers: u32) -> Result<Self, Error> {
        let base = SqliteConnectOptions::new()
            .filename(path)
            .busy_timeout(Duration::from_secs(5))
            .statement_cache_capacity(STATEMENT_CACHE)
            .disable_statement_logging();
        let writing = base
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("secure_delete", "ON")
            .pragma("wal_autocheckpoint", "4000")
            .pragma("cache_size", "-8192")
            .thread_name(|_| "sqlite-writer".to_owned());
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(CONNECT_WAIT)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(writing)
            .await
            .map_err(classify)?;
        let reading = base.read_only(true).pragma("cache_size", "-2048").thread_name(|_| "sqlite-reader".to_owned());
        let readers = SqlitePoolOptions::new()
            .max_connections(readers.max(1))
            .acquire_timeout(CONNECT_WAIT)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_lazy_with(reading);
        let pool = Self::Sqlite { writer, readers };
        pool.check().await?;
        Ok(pool)
    }

    /// Opens a SQLite database that nobody changes, such as a backup's, without changing a byte of it.
    pub(crate) async fn archive(path: &Path) -> Result<Self, Error> {
        Self::reading(path, true).await
    }

    /// Opens a SQLite database for reading beside the process that has it open.
    pub(crate) async fn onlooker(path: &Path) -> Result<Self, Error> {
        Self::reading(path, false).await
    }

    async fn reading(path: &Path, immutable: bool) -> Result<Self, Error> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            .immutable(immutable)
            .busy_timeout(Duration::from_secs(5))
            .statement_cache_capacity(STATEMENT_CACHE)
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new()
            .max_connections(2)
            .acquire_timeout(CONNECT_WAIT)
            .connect_with(options)
            .await
            .map_err(classify)?;
        Ok(Self::Sqlite { writer: pool.clone(), readers: pool })
    }

    /// Opens PostgreSQL by address.
    ///
    /// # Errors
    /// [`Error::Refused`] for an address of another kind, an old server or settings under which a commit is not kept.
    pub(crate) async fn postgres(url: &str, connections: u32) -> Result<Self, Error> {
        if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
            return Err(Error::Refused(
                "the database address must begin with postgres://; without one, SQLite in the data directory is used".to_owned(),
            ));
        }
        // The message is our own: the driver's may repeat the address with its password.
        let options = PgConnectOptions::from_str(url)
            .map_err(|_| Error::Refused("the database address is malformed: postgres://user:password@host:port/name".to_owned()))?
            .statement_cache_capacity(STATEMENT_CACHE)
            .application_name("watchfire")
            .disable_statement_logging();
        // The pool tries again what fails; the first connection must say at once what is wrong.
        let first = tokio::time::timeout(CONNECT_WAIT, options.connect()).await;
        let mut first = first.map_err(|_| classify(sqlx::Error::PoolTimedOut))?.map_err(unreachable)?;
        keeps_commits(&mut first).await.map_err(classify)?;
        drop(first);
        let pool = PgPoolOptions::new()
            .max_connections(connections.max(3))
            .acquire_timeout(CONNECT_WAIT)
            // Checked for every connection: a role's or database's default may be changed while we run.
            .after_connect(|conn, _| Box::pin(keeps_commits(conn)))
            .connect_with(options)
            .await
            .map_err(classify)?;
        let pool = Self::Postgres(pool);
        pool.check().await?;
        Ok(pool)
    }

    /// Tells which database it is.
    pub(crate) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite { .. } => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Returns a connection for reading.
    pub(crate) async fn reader(&self) -> Result<Link, Error> {
        match self {
            Self::Sqlite { readers, .. } => Ok(Link::Sqlite(readers.acquire().await.map_err(classify)?)),
            Self::Postgres(pool) => Ok(Link::Postgres(pool.acquire().await.map_err(classify)?)),
        }
    }

    /// Returns the connection for writing; with SQLite there is one.
    pub(crate) async fn writer(&self) -> Result<Link, Error> {
        match self {
            Self::Sqlite { writer, .. } => Ok(Link::Sqlite(writer.acquire().await.map_err(classify)?)),
            Self::Postgres(pool) => Ok(Link::Postgres(pool.acquire().await.map_err(classify)?)),
        }
    }

    /// Closes all connections.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// Listens for other nodes' hints; `None` where there are no other nodes.
    pub(crate) async fn listen(&self) -> Result<Option<Hints>, Error> {
        let Self::Postgres(pool) = self else { return Ok(None) };
        let mut listener = PgListener::connect_with(pool).await.map_err(classify)?;
        listener.listen(CHANNEL).await.map_err(classify)?;
        Ok(Some(Hints(listener)))
    }

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

/// Refuses a connection on which a commit is answered before it is on stable storage.
async fn keeps_commits(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    let row = conn.fetch_one("SELECT current_setting('synchronous_commit')").await?;
    if row.try_get::<String, _>(0)? == "off" {
        return Err(sqlx::Error::Configuration(UNSAFE_COMMIT.into()));
    }
    Ok(())
}

/// Says that the first connection failed. Refused credentials and unknown databases do not mend themselves.
fn unreachable(error: sqlx::Error) -> Error {
    match classify(error) {
        Error::Retry(why) => Error::Unavailable(why),
        Error::Database(why) => Error::Refused(format!("PostgreSQL refuses the connection: {why}")),
        other => other,
    }
}

const UNSAFE_COMMIT: &str = "PostgreSQL runs with synchronous_commit=off, so what it acknowledges can be lost: switch it on";

/// Hints of other nodes that something was committed.
pub(crate) struct Hints(PgListener);

impl Hints {
    /// Waits for the next hint; reconnects by itself.
    pub(crate) async fn next(&mut self) -> Result<(), Error> {
        self.0.recv().await.map(drop).map_err(classify)
    }
}

impl Link {
    /// Tells which database it is.
    pub(crate) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a statement and returns its rows.
    pub(crate) async fn fetch(&mut self, sql: &Sql, args: Vec<Value>) -> Result<Vec<Row>, Error> {
        self.fetch_text(sql.for_engine(self.engine()), args).await
    }

    /// Runs a text that has been put together from constants; its translated words are still translated.
    pub(crate) async fn fetch_text(&mut self, text: &str, args: Vec<Value>) -> Result<Vec<Row>, Error> {
        let text = translate(text, self.engine()).into_owned();
        // Safe: texts are constants, or constant fragments joined by `Query`; values only ever are arguments.
        let text = AssertSqlSafe(text);
        match self {
            Self::Sqlite(conn) => {
                let query = args.into_iter().fold(sqlx::query(text), |query, value| match value {
                    Value::Int(value) => query.bind(value),
                    Value::Text(value) => query.bind(value),
                    Value::Blob(value) => query.bind(value),
                    Value::Bool(value) => query.bind(value),
                });
                Ok(query.fetch_all(&mut **conn).await.map_err(classify)?.into_iter().map(Row::Sqlite).collect())
            }
            Self::Postgres(conn) => {
                let query = args.into_iter().fold(sqlx::query(text), |query, value| match value {
                    Value::Int(value) => query.bind(value),
                    Value::Text(value) => query.bind(value),
                    Value::Blob(value) => query.bind(value),
                    Value::Bool(value) => query.bind(value),
                });
                Ok(query.fetch_all(&mut **conn).await.map_err(classify)?.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    /// Runs a statement and returns how many rows it changed.
    pub(crate) async fn execute(&mut self, sql: &Sql, args: Vec<Value>) -> Result<u64, Error> {
        let text = AssertSqlSafe(translate(sql.for_engine(self.engine()), self.engine()).into_owned());
        match self {
            Self::Sqlite(conn) => {
                let query = args.into_iter().fold(sqlx::query(text), |query, value| match value {
                    Value::Int(value) => query.bind(value),
                    Value::Text(value) => query.bind(value),
                    Value::Blob(value) => query.bind(value),
                    Value::Bool(value) => query.bind(value),
                });
                Ok(query.execute(&mut **conn).await.map_err(classify)?.rows_affected())
            }
            Self::Postgres(conn) => {
                let query = args.into_iter().fold(sqlx::query(text), |query, value| match value {
                    Value::Int(value) => query.bind(value),
                    Value::Text(value) => query.bind(value),
                    Value::Blob(value) => query.bind(value),
                    Value::Bool(value) => query.bind(value),
                });
                Ok(query.execute(&mut **conn).await.map_err(classify)?.rows_affected())
            }
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
            Self::Sqlite(conn) => conn.prepare(sqlx::SqlSafeStr::into_sql_str(text)).await.map(drop).map_err(classify),
            Self::Postgres(conn) => conn.prepare(sqlx::SqlSafeStr::into_sql_str(text)).await.map(drop).map_err(classify),
        }
    }

    /// Begins a transaction that may write.
    pub(crate) async fn begin(&mut self) -> Result<(), Error> {
        match self.engine() {
            Engine::Sqlite => self.script("BEGIN IMMEDIATE").await,
            Engine::Postgres => self.script("BEGIN").await,
        }
    }

    /// Begins a transaction that reads one unchanging state.
    pub(crate) async fn begin_snapshot(&mut self) -> Result<(), Error> {
        match self.engine() {
            Engine::Sqlite => self.script("BEGIN").await,
            Engine::Postgres => self.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await,
        }
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

    async fn one_text(&mut self, text: &'static str) -> Result<String, Error> {
        let rows = self.fetch_text(text, Vec::new()).await?;
        rows.first().ok_or_else(|| Error::damaged("an answer without rows"))?.first_text()
    }

    async fn one_int(&mut self, text: &'static str) -> Result<i64, Error> {
        let rows = self.fetch_text(text, Vec::new()).await?;
        rows.first().ok_or_else(|| Error::damaged("an answer without rows"))?.first_int()
    }
}

/// Writes a getter for both kinds of row.
macro_rules! getter {
    ($(#[$meta:meta])* $name:ident, $type:ty) => {
        $(#[$meta])*
        pub(crate) fn $name(&self, column: &str) -> Result<$type, Error> {
            match self {
                Self::Sqlite(row) => row.try_get(column),
                Self::Postgres(row) => row.try_get(column),
            }
            .map_err(|error| Error::Damaged(format!("column {column}: {error}")))
        }
    };
}

impl Row {
    getter!(int, i64);
    getter!(opt_int, Option<i64>);
    getter!(text, String);
    getter!(opt_text, Option<String>);
    getter!(blob, Vec<u8>);
    getter!(opt_blob, Option<Vec<u8>>);
    getter!(bool, bool);

    /// Reads an id.
    pub(crate) fn id<K>(&self, column: &str) -> Result<Id<K>, Error> {
        self.text(column)?.parse().map_err(|_| Error::Damaged(format!("column {column} holds no id")))
    }

    /// Reads an id that may be absent.
    pub(crate) fn opt_id<K>(&self, column: &str) -> Result<Option<Id<K>>, Error> {
        let text = self.opt_text(column)?;
        text.map(|text| text.parse().map_err(|_| Error::Damaged(format!("column {column} holds no id")))).transpose()
    }

    /// Reads a word of a fixed vocabulary.
    pub(crate) fn word<T>(&self, column: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, Error> {
        parse(&self.text(column)?).ok_or_else(|| Error::Damaged(format!("column {column} holds an unknown word")))
    }

    /// Reads JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T, Error> {
        serde_json::from_str(&self.text(column)?).map_err(|error| Error::Damaged(format!("column {column}: {error}")))
    }

    /// Reads an instant.
    pub(crate) fn time(&self, column: &str) -> Result<Timestamp, Error> {
        self.int(column).map(from_micros)
    }

    /// Reads an instant that may be absent.
    pub(crate) fn opt_time(&self, column: &str) -> Result<Option<Timestamp>, Error> {
        Ok(self.opt_int(column)?.map(from_micros))
    }

    fn first_text(&self) -> Result<String, Error> {
        match self {
            Self::Sqlite(row) => row.try_get(0),
            Self::Postgres(row) => row.try_get(0),
        }
        .map_err(Error::damaged)
    }

    fn first_int(&self) -> Result<i64, Error> {
        match self {
            Self::Sqlite(row) => row.try_get(0),
            Self::Postgres(row) => row.try_get(0),
        }
        .map_err(Error::damaged)
    }
}

impl Sql {
    pub(crate) fn for_engine(&self, engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => self.text,
            Engine::Postgres => self.postgres.unwrap_or(self.text),
        }
    }
}

/// The words of our statements that each database spells its own way: `(ours, SQLite's, PostgreSQL's)`.
const WORDS: &[(&str, &str, &str)] = &[
    (" SKIP_LOCKED", "", " FOR UPDATE SKIP LOCKED"),
    ("SERIAL_KEY", "INTEGER PRIMARY KEY", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"),
    (" STRICT_TABLE", " STRICT", ""),
    ("BYTEA", "BLOB", "BYTEA"),
    ("BOOLEAN", "INTEGER", "BOOLEAN"),
    ("BIGINT", "INTEGER", "BIGINT"),
];

/// Words with an argument: `EACH($1)` takes a JSON array apart into rows `r.value`; `DATABASE_NOW($1)` is the
/// database's own time where there are several nodes, and the given one where there is one.
const CALLS: &[(&str, [&str; 2], [&str; 2])] = &[
    ("EACH(", ["json_each(", ") AS r"], ["jsonb_array_elements(CAST(", " AS jsonb)) AS r(value)"]),
    ("DATABASE_NOW(", ["(", ")"], ["COALESCE(CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint), ", ")"]),
];

fn translate(text: &str, engine: Engine) -> Cow<'_, str> {
    let mut out = Cow::Borrowed(text);
    for (ours, sqlite, postgres) in WORDS {
        let theirs = if engine == Engine::Sqlite { sqlite } else { postgres };
        if ours != theirs && out.contains(ours) {
            out = Cow::Owned(out.replace(ours, theirs));
        }
    }
    for (ours, sqlite, postgres) in CALLS {
        let [before, after] = if engine == Engine::Sqlite { sqlite } else { postgres };
        while let Some((head, rest)) = out.split_once(ours) {
            let (argument, tail) = rest.split_once(')').unwrap_or((rest, ""));
            out = Cow::Owned(format!("{head}{before}{argument}{after}{tail}"));
        }
    }
    out
}

fn parse_version(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??, parts.next().flatten().unwrap_or(0)))
}

/// Sorts the driver's errors by what the caller can do about them.
fn classify(error: sqlx::Error) -> Error {
    match error {
        sqlx::Error::Database(error) => {
            if error.is_unique_violation() {
                return Error::Conflict;
            }
            let code = error.code().unwrap_or_default().into_owned();
            match error.try_downcast_ref::<sqlx::sqlite::SqliteError>() {
                Some(_) => classify_sqlite(code.parse().unwrap_or(0), error.message()),
                None => classify_postgres(&code, error.message()),
            }
        }
        sqlx::Error::Io(error) => Error::Retry(format!("connection lost: {error}")),
        sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => Error::Retry("connection lost".to_owned()),
        sqlx::Error::PoolTimedOut => Error::Unavailable("no connection within three seconds".to_owned()),
        sqlx::Error::PoolClosed => Error::Closed,
        sqlx::Error::Tls(_) => Error::Unavailable("the encrypted connection could not be set up".to_owned()),
        sqlx::Error::Configuration(error) => Error::Refused(error.to_string()),
        other => Error::Database(other.to_string()),
    }
}

/// Result codes: <https://www.sqlite.org/rescode.html>; the low byte is the primary one.
pub(crate) fn classify_sqlite(code: i64, message: &str) -> Error {
    const FSYNC: i64 = 1034;
    const DIR_FSYNC: i64 = 1290;
    let text = || format!("{message} (SQLite {code})");
    match (code, code & 0xff) {
        (FSYNC | DIR_FSYNC, _) => Error::Stopped(text()),
        (_, 5 | 6) => Error::Retry(text()),
        (_, 8 | 10 | 13 | 14) => Error::Unavailable(text()),
        (_, 11 | 26) => Error::Damaged(text()),
        _ => Error::Database(text()),
    }
}

/// Codes: <https://www.postgresql.org/docs/15/errcodes-appendix.html>.
pub(crate) fn classify_postgres(code: &str, message: &str) -> Error {
    let text = || format!("{message} (SQLSTATE {code})");
    match code {
        "40001" | "40P01" | "55P03" | "57P01" | "57P02" | "57P03" => Error::Retry(text()),
        "25006" => Error::Unavailable(text()),
        "XX001" | "XX002" => Error::Damaged(text()),
        _ if code.starts_with("08") => Error::Retry(text()),
        _ if code.starts_with("53") || code.starts_with("58") => Error::Unavailable(text()),
        _ => Error::Database(text()),
    }
}
