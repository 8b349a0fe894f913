//! What waits to be written.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::event::{Appended, Prepared};
use crate::{Error, Tx, Work};

/// One thing to write.
pub(crate) enum Job {
    Event(Box<EventJob>),
    Operation(Box<dyn Operation>),
}

/// An event that waits, and who waits for it.
pub(crate) struct EventJob {
    pub(crate) prepared: Prepared,
    pub(crate) reply: oneshot::Sender<Result<Appended, Error>>,
    /// Gives the body's bytes back to the queue when the job is done.
    pub(crate) _bytes: OwnedSemaphorePermit,
}

/// An operation that can be run again, with the answer to its last run.
pub(crate) trait Operation: Send + Sync {
    /// Runs it inside a transaction and keeps the value.
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> Work<'a, ()>;
    /// Answers whoever waits: with the kept value, or the error.
    fn answer(self: Box<Self>, outcome: Result<(), Error>);
}

struct Closure<T, F> {
    work: F,
    value: Option<T>,
    reply: Option<oneshot::Sender<Result<T, Error>>>,
}

impl<T, F> Operation for Closure<T, F>
where
    T: Send + Sync + 'static,
    F: for<'a> Fn(&'a mut Tx) -> Work<'a, T> + Send + Sync + 'static,
{
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> Work<'a, ()> {
        Box::pin(async move {
            self.value = None;
            // A panic must not end the writer: it would take every later write with it.
            let outcome = AssertUnwindSafe(async { (self.work)(tx).await }).catch_unwind().await;
            self.value = Some(outcome.map_err(|_| Error::Panicked)??);
            Ok(())
        })
    }

    fn answer(mut self: Box<Self>, outcome: Result<(), Error>) {
        let Some(reply) = self.reply.take() else { return };
        let answer = outcome.and_then(|()| self.value.take().ok_or(Error::Closed));
        // Nobody waits any more when the caller has gone; the write holds all the same.
        reply.send(answer).ok();
    }
}

/// The writing end of the queue.
#[derive(Clone)]
pub(crate) struct Queue {
    jobs: mpsc::Sender<Job>,
    bytes: Arc<Semaphore>,
}

/// Makes a queue that holds at most so many jobs and bytes of event bodies.
pub(crate) fn queue(jobs: usize, bytes: usize) -> (Queue, mpsc::Receiver<Job>) {
    let (sender, receiver) = mpsc::channel(jobs.max(1));
    (Queue { jobs: sender, bytes: Arc::new(Semaphore::new(bytes.min(Semaphore::MAX_PERMITS))) }, receiver)
}

impl Queue {
    /// Queues an operation and waits for its commit.
    pub(crate) async fn operation<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + Sync + 'static,
        F: for<'a> Fn(&'a mut Tx) -> Work<'a, T> + Send + Sync + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.send(Job::Operation(Box::new(Closure { work, value: None, reply: Some(reply) })))?;
        answer.await.unwrap_or(Err(Error::Closed))
    }

    /// Takes room in the queue for so many bytes of contents.
    pub(crate) fn room(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Error> {
        let size = u32::try_from(bytes.max(1)).unwrap_or(u32::MAX);
        Arc::clone(&self.bytes).try_acquire_many_owned(size).map_err(|_| Error::Overloaded)
    }

    /// Queues an event and waits for its commit.
    pub(crate) async fn event(&self, prepared: Prepared, room: OwnedSemaphorePermit) -> Result<Appended, Error> {
        let (reply, answer) = oneshot::channel();
        self.send(Job::Event(Box::new(EventJob { prepared, reply, _bytes: room })))?;
        answer.await.unwrap_or(Err(Error::Closed))
    }

    fn send(&self, job: Job) -> Result<(), Error> {
        self.jobs.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Error::Overloaded,
            mpsc::error::TrySendError::Closed(_) => Error::Closed,
        })
    }
}
