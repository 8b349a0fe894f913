//! The store: opening, reading, writing, closing.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use watchfire_core::time::Clock;

use crate::answers::Answers;
use crate::blob::Blobs;
use crate::db::Pool;
use crate::event::{Appended, NewEvent};
use crate::keys::Keyring;
use crate::lock::Lock;
use crate::writer::{Progress, Queue, Writer, queue};
use crate::{Conn, Error, Settings, Tx, Work, checkpoint, entry, event, migrate};

/// How long closing waits for what is still being written.
const DRAIN: Duration = Duration::from_secs(25);

/// An open database with its record, keys and blobs. Cheap to clone; [`Store::close`] ends it for all clones.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
    /// Whether readers share answers.
    sharing: bool,
}

struct Shared {
    pool: Pool,
    keys: Arc<Keyring>,
    blobs: Arc<Blobs>,
    clock: Arc<dyn Clock>,
    settings: Settings,
    queue: Mutex<Option<Queue>>,
    progress: watch::Sender<Progress>,
    answers: Arc<Answers>,
    stopped: watch::Sender<Option<Error>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    listener: Mutex<Option<JoinHandle<()>>>,
    lock: Mutex<Option<Lock>>,
}

/// What [`Store::health`] found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Health {
    /// The database in words: product, version, settings.
    pub database: String,
    pub schema: i64,
    /// The number of the last entry of the record.
    pub head: i64,
    /// How long a committed write took.
    pub write: Duration,
}

impl Store {
    /// Opens the database, brings its schema up to date and starts the writer. Makes what is missing: the data directory,
    /// the SQLite database, the key file.
    ///
    /// # Errors
    /// [`Error::Refused`] says what is in the way and what to do: a second process, a wrong or too widely readable key,
    /// an old database product, unsafe settings, a newer schema. [`Error::Unavailable`] if the database cannot be reached.
    pub async fn open(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        make_data_dir(&settings.data_dir)?;
        let (pool, lock) = match &settings.database_url {
            Some(url) => (Pool::postgres(url, settings.readers.saturating_add(3)).await?, None),
            None => {
                let lock = Lock::take(&settings.data_dir)?;
                (Pool::sqlite(&settings.sqlite_path(), settings.readers).await?, Some(lock))
            }
        };
        let blobs = Arc::new(Blobs::open(settings.blob_dir())?);
        let mut link = pool.writer().await?;
        migrate::run(&mut link, clock.now()).await?;
        let keys = Arc::new(Keyring::open(&mut link, &settings, clock.now()).await?);
        let mut conn = Conn { link, keys: Arc::clone(&keys), blobs: Arc::clone(&blobs), answers: None };
        let head = entry::head(&mut conn).await?;
        drop(conn);
        let progress = watch::Sender::new(Progress { head, commits: 0 });
        let stopped = watch::Sender::new(None);
        let (jobs, receiver) = queue(settings.queue, settings.queue_bytes);
        let writer = Writer {
            pool: pool.clone(),
            keys: Arc::clone(&keys),
            blobs: Arc::clone(&blobs),
            clock: Arc::clone(&clock),
            progress: progress.clone(),
            conn: None,
            stopped: stopped.clone(),
        };
        let writer = tokio::spawn(writer.run(receiver));
        if pool.engine().is_embedded() {
            tokio::spawn(checkpoint::run(pool.clone(), progress.subscribe(), stopped.clone()));
        }
        let store = Self {
            shared: Arc::new(Shared {
                pool,
                keys,
                blobs,
                clock,
                settings,
                queue: Mutex::new(Some(jobs)),
                answers: Arc::new(Answers::new(progress.subscribe())),
                progress,
                stopped,
                writer: Mutex::new(Some(writer)),
                listener: Mutex::new(None),
                lock: Mutex::new(lock),
            }),
            sharing: false,
        };
        store.listen().await?;
        Ok(store)
    }

    /// Returns a connection for reading. Hold it for one request, not longer: there are few.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if none becomes free in three seconds.
    pub async fn read(&self) -> Result<Conn, Error> {
        let link = self.shared.pool.reader().await?;
        let answers = self.sharing.then(|| Arc::clone(&self.shared.answers));
        Ok(Conn { link, keys: Arc::clone(&self.shared.keys), blobs: Arc::clone(&self.shared.blobs), answers })
    }

    /// Returns this store for readers that share answers between two commits that this node knows of: for pages that look again
    /// after each. What another node committed is seen when its hint comes.
    #[must_use]
    pub fn sharing_answers(&self) -> Self {
        Self { sharing: true, ..self.clone() }
    }

    /// Runs an operation inside a transaction, together with others that wait, and returns its value after the commit is
    /// on stable storage.
    ///
    /// The operation may be run more than once (when another one in the same transaction fails, or a concurrent one gets
    /// in the way), so it must have no effect but on the transaction. It should check before it writes: a refusal of the
    /// domain is a value, an error undoes the transaction and costs everybody in it.
    ///
    /// # Errors
    /// What the operation returns, or why nothing was kept.
    pub async fn write<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + Sync + 'static,
        F: for<'a> Fn(&'a mut Tx) -> Work<'a, T> + Send + Sync + 'static,
    {
        self.queue()?.operation(work).await
    }

    /// Keeps an event and returns after the commit is on stable storage. All events that wait are written by one statement.
    ///
    /// The same delivery id of the same source again gives the first event.
    ///
    /// # Errors
    /// [`Error::Overloaded`] when too much waits, [`Error::Unavailable`] when nothing was kept.
    pub async fn append_event(&self, event: NewEvent) -> Result<Appended, Error> {
        let queue = self.queue()?;
        let room = queue.room(event.body.len())?;
        let prepared = event::prepare(&self.shared.keys, &self.shared.blobs, event).await?;
        queue.event(prepared, room).await
    }

    /// Returns a channel that changes after each commit, here or on another node. A hint: the database is the truth.
    pub fn commits(&self) -> watch::Receiver<Progress> {
        self.shared.progress.subscribe()
    }

    /// Waits until storage failed in a way after which nothing more may be accepted (a sync that failed: what the system
    /// holds and what the disk holds may differ), and returns how. The process should end; a new one reads what is there.
    pub async fn stopped(&self) -> Error {
        let mut stopped = self.shared.stopped.subscribe();
        let failed = stopped.wait_for(Option::is_some).await.ok().and_then(|error| error.clone());
        failed.unwrap_or(Error::Closed)
    }

    /// Proves that a write can be committed now.
    ///
    /// # Errors
    /// Why not.
    pub async fn health(&self) -> Result<Health, Error> {
        let began = std::time::Instant::now();
        let head = self
            .write(|tx| {
                Box::pin(async move {
                    tx.tally("health.probes", 1);
                    entry::head(tx).await
                }) as Work<'_, i64>
            })
            .await?;
        let write = began.elapsed();
        let database = self.shared.pool.engine().title();
        Ok(Health { database: database.to_owned(), schema: migrate::latest(), head, write })
    }

    /// Writes what waits, moves SQLite's log into the database and closes. Later writes answer [`Error::Closed`].
    pub async fn close(&self) {
        self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner).take();
        let listener = self.shared.listener.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(listener) = listener {
            listener.abort();
        }
        let writer = self.shared.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer
            && tokio::time::timeout(DRAIN, writer).await.is_err()
        {
            tracing::error!("the last writes did not end in time; those not answered may be lost, as their callers know");
        }
        self.shared.pool.close().await;
        self.shared.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Returns the settings it was opened with.
    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// Returns the clock it was opened with.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.shared.clock
    }

    /// Returns where the key-encryption key is.
    pub fn key_path(&self) -> PathBuf {
        self.shared.settings.key_path()
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.shared.pool
    }

    pub(crate) fn keyring(&self) -> &Arc<Keyring> {
        &self.shared.keys
    }

    pub(crate) fn blobs(&self) -> &Arc<Blobs> {
        &self.shared.blobs
    }

    fn queue(&self) -> Result<Queue, Error> {
        self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or(Error::Closed)
    }

    /// Passes other nodes' hints on. Lost hints cost nothing but time: whoever waits also polls.
    async fn listen(&self) -> Result<(), Error> {
        let Some(mut hints) = self.shared.pool.listen().await? else { return Ok(()) };
        let progress = self.shared.progress.clone();
        let task = tokio::spawn(async move {
            loop {
                if hints.next().await.is_err() {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                progress.send_modify(|progress| progress.commits += 1);
            }
        });
        *self.shared.listener.lock().unwrap_or_else(PoisonError::into_inner) = Some(task);
        Ok(())
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(listener) = self.listener.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            listener.abort();
        }
    }
}

/// Makes the data directory, for nobody else to read.
fn make_data_dir(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|why| Error::file(format!("the data directory {}", path.display()), &why))
}
