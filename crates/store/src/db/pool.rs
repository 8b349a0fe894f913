//! The connections to one database.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

use super::check::make_ready;
use super::errors::{classify, unreachable};
use super::{Engine, Link};
use crate::Error;

/// How long anybody waits for a connection.
const CONNECT_WAIT: Duration = Duration::from_secs(3);
/// How long an idle connection is taken to be alive.
const TRUSTED: Duration = Duration::from_secs(1);
/// Statements that each connection keeps prepared; more than there are.
const STATEMENT_CACHE: usize = 400;

/// The connections to one database.
#[derive(Clone, Debug)]
pub(crate) enum Pool {
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
        /// For moving the log into the database beside the writer; none where nobody writes.
        upkeep: Option<SqlitePool>,
    },
    Postgres(PgPool),
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
            .connect_with(writing.clone())
            .await
            .map_err(classify)?;
        let reading = base.read_only(true).pragma("cache_size", "-2048").thread_name(|_| "sqlite-reader".to_owned());
        let upkeep = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(CONNECT_WAIT)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(writing.clone().pragma("cache_size", "-256").thread_name(|_| "sqlite-upkeep".to_owned()));
        let readers = SqlitePoolOptions::new()
            .max_connections(readers.max(1))
            .acquire_timeout(CONNECT_WAIT)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_lazy_with(reading);
        let pool = Self::Sqlite { writer, readers, upkeep: Some(upkeep) };
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
        Ok(Self::Sqlite { writer: pool.clone(), readers: pool, upkeep: None })
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
        make_ready(&mut first).await.map_err(classify)?;
        drop(first);
        let pool = PgPoolOptions::new()
            .max_connections(connections.max(3))
            .acquire_timeout(CONNECT_WAIT)
            // A page takes some twenty connections: asking each whether it is still there would double its round trips. One that
            // has been idle may have lost its server.
            .test_before_acquire(false)
            .before_acquire(|conn, meta| Box::pin(async move { Ok(meta.idle_for < TRUSTED || conn.ping().await.is_ok()) }))
            // Checked for every connection: a role's or database's default may be changed while we run.
            .after_connect(|conn, _| Box::pin(make_ready(conn)))
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

    /// Returns the connection for upkeep beside the writer; `None` where the database has no use for it.
    pub(crate) async fn upkeep(&self) -> Result<Option<Link>, Error> {
        match self {
            Self::Sqlite { upkeep: Some(upkeep), .. } => Ok(Some(Link::Sqlite(upkeep.acquire().await.map_err(classify)?))),
            _ => Ok(None),
        }
    }

    /// Closes all connections.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers, upkeep } => {
                readers.close().await;
                if let Some(upkeep) = upkeep {
                    upkeep.close().await;
                }
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}
