//! The writer's task.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use watchfire_core::time::Clock;

use super::batch::Batch;
use super::job::{Job, Operation};
use crate::blob::Blobs;
use crate::db::Pool;
use crate::event::Appended;
use crate::keys::Keyring;
use crate::tx::CommitError;
use crate::{Conn, Error, Tx};

/// How often a batch is tried again when a concurrent transaction or a lost connection got in the way.
const TRIES: u32 = 6;

/// How far the store has come: a hint that there is something new, sent after each commit, here or on another node.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// The number of the last entry of the record that this node knows of.
    pub head: i64,
    /// Counts commits of this node and hints of others.
    pub commits: u64,
}

/// The task that owns the writing connection.
pub(crate) struct Writer {
    pub(crate) pool: Pool,
    pub(crate) keys: Arc<Keyring>,
    pub(crate) blobs: Arc<Blobs>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) progress: watch::Sender<Progress>,
    pub(crate) conn: Option<Conn>,
    /// Holds the error after which nothing more is written.
    pub(crate) stopped: watch::Sender<Option<Error>>,
}

impl Writer {
    /// Writes until the queue is closed and empty.
    pub(crate) async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut waiting = VecDeque::new();
        loop {
            let mut batch = Batch::default();
            if waiting.is_empty() {
                match jobs.recv().await {
                    Some(job) => take(&mut batch, job),
                    None => break,
                }
            }
            while let Some(operation) = waiting.pop_front() {
                batch.operations.push(operation);
                if batch.is_full() {
                    break;
                }
            }
            while !batch.is_full() {
                match jobs.try_recv() {
                    Ok(job) => take(&mut batch, job),
                    Err(_) => break,
                }
            }
            if let Err(error) = self.write(batch, &mut waiting).await {
                // Who waits behind a dead database gets the same answer at once instead of one time-out after the other.
                let mut rest = Batch::default();
                rest.operations.extend(waiting.drain(..));
                while let Ok(job) = jobs.try_recv() {
                    take(&mut rest, job);
                }
                rest.fail(&error);
            }
        }
        if let Some(mut conn) = self.conn.take()
            && let Err(error) = conn.link.checkpoint().await
        {
            tracing::warn!(%error, "the last checkpoint failed; the log is read at the next start");
        }
    }

    /// Writes a batch, in parts if it fails as a whole.
    ///
    /// # Errors
    /// A systemic error, after the batch has been answered with it.
    async fn write(&mut self, batch: Batch, waiting: &mut VecDeque<Box<dyn Operation>>) -> Result<(), Error> {
        let mut parts = VecDeque::from([batch]);
        while let Some(mut batch) = parts.pop_front() {
            match self.persist(&mut batch).await {
                Ok((appended, left)) => {
                    waiting.extend(left);
                    batch.answer(appended);
                }
                Err(error) if error.is_systemic() => {
                    tracing::error!(%error, "a commit failed");
                    batch.fail(&error);
                    parts.into_iter().for_each(|part| part.fail(&error));
                    return Err(error);
                }
                Err(error) if batch.is_single() => batch.fail(&error),
                Err(_) => batch.split().into_iter().rev().for_each(|part| parts.push_front(part)),
            }
        }
        Ok(())
    }

    /// Commits a batch, trying again where that can help.
    async fn persist(&mut self, batch: &mut Batch) -> Result<(Vec<Appended>, Vec<Box<dyn Operation>>), Error> {
        let mut tries = 0;
        loop {
            if let Some(error) = self.stopped.borrow().clone() {
                return Err(error);
            }
            tries += 1;
            let (began, operations) = (Instant::now(), batch.operations.len() + batch.events.len());
            let done = self.attempt(batch).await;
            measure(&done, began.elapsed(), operations);
            match done {
                Ok(done) => return Ok(done),
                Err(error @ Error::Stopped(_)) => {
                    self.stopped.send_replace(Some(error.clone()));
                    return Err(error);
                }
                // A unique key was taken by another node between the look and the write: the next run sees it.
                Err(Error::Conflict) if tries < 3 && batch.is_single() => {}
                Err(Error::Retry(_)) if tries < TRIES => tokio::time::sleep(Duration::from_millis(10 << tries)).await,
                Err(Error::Retry(why)) => return Err(Error::Unavailable(why)),
                Err(error) => return Err(error),
            }
        }
    }

    async fn attempt(&mut self, batch: &mut Batch) -> Result<(Vec<Appended>, Vec<Box<dyn Operation>>), Error> {
        let conn = self.connection().await?;
        let mut tx = Tx::begin(conn, self.clock.now()).await.map_err(|(conn, error)| {
            self.conn = conn;
            error
        })?;
        let (appended, left) = match batch.run(&mut tx).await {
            Ok(done) => done,
            Err(error) => {
                self.conn = tx.undo().await;
                return Err(error);
            }
        };
        let committed = match tx.commit().await {
            Ok((conn, head)) => {
                self.conn = Some(conn);
                Ok(head)
            }
            Err((conn, failure)) => {
                self.conn = conn;
                self.find_out(failure).await
            }
        };
        match committed {
            Ok(head) => {
                self.progress.send_modify(|progress| {
                    progress.head = head.unwrap_or(progress.head).max(progress.head);
                    progress.commits += 1;
                });
                Ok((appended, left))
            }
            Err(error) => {
                batch.operations.extend(left);
                Err(error)
            }
        }
    }

    /// Finds out whether a commit whose answer was lost happened.
    async fn find_out(&mut self, failure: CommitError) -> Result<Option<i64>, Error> {
        let (Error::Retry(_), Some(mark)) = (&failure.error, &failure.mark) else { return Err(failure.error) };
        for wait in [0, 50, 200, 1_000, 2_000] {
            tokio::time::sleep(Duration::from_millis(wait)).await;
            let Ok(mut conn) = self.connection().await else { continue };
            let outcome = conn.link.was_committed(mark).await;
            match outcome {
                Ok(true) => {
                    self.conn = Some(conn);
                    return Ok(failure.head);
                }
                Ok(false) => {
                    self.conn = Some(conn);
                    return Err(failure.error);
                }
                Err(_) => conn.link.discard(),
            }
        }
        Err(Error::Unavailable("the connection was lost during a commit".to_owned()))
    }

    async fn connection(&mut self) -> Result<Conn, Error> {
        match self.conn.take() {
            Some(conn) => Ok(conn),
            None => Ok(Conn {
                link: self.pool.writer().await?,
                keys: Arc::clone(&self.keys),
                blobs: Arc::clone(&self.blobs),
                answers: None,
            }),
        }
    }
}

/// Counts a transaction: its time and size if it is on stable storage, else why it failed.
fn measure<T>(done: &Result<T, Error>, took: Duration, operations: usize) {
    let reason = match done {
        Ok(_) => {
            metrics::histogram!("watchfire_store_commit_seconds").record(took.as_secs_f64());
            metrics::histogram!("watchfire_store_batch_size").record(u32::try_from(operations).unwrap_or(u32::MAX));
            return;
        }
        // A clash is the answer to a question, not trouble of the store.
        Err(Error::Conflict | Error::ShortIdTaken) => return,
        Err(Error::Retry(_)) => "retried",
        Err(Error::Stopped(_)) => "stopped",
        Err(Error::Unavailable(_)) => "unavailable",
        Err(_) => "failed",
    };
    metrics::counter!("watchfire_store_errors_total", "reason" => reason).increment(1);
}

fn take(batch: &mut Batch, job: Job) {
    match job {
        Job::Event(job) => {
            batch.bytes += job.prepared.event.body.len();
            batch.events.push(*job);
        }
        Job::Operation(operation) => batch.operations.push(operation),
    }
}
