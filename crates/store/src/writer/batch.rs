//! One batch: what is written in one transaction.

use std::time::Duration;

use tokio::time::Instant;

use super::job::{EventJob, Operation};
use crate::event::Appended;
use crate::{Error, Tx, event};

/// Operations of one transaction at most.
pub(super) const OPERATIONS: usize = 256;
/// Events of one transaction at most.
pub(super) const EVENTS: usize = 1_024;
/// Bytes of event bodies of one transaction at most, unless one alone is larger.
pub(super) const BYTES: usize = 8 * 1024 * 1024;
/// Work after which no further operation is taken into the transaction.
const WORK: Duration = Duration::from_millis(8);

/// Jobs that are written together.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) events: Vec<EventJob>,
    pub(super) operations: Vec<Box<dyn Operation>>,
    /// Bytes of the events' bodies.
    pub(super) bytes: usize,
}

impl Batch {
    /// Tells whether it is one job: what fails then, fails by its own fault.
    pub(super) fn is_single(&self) -> bool {
        self.events.len() + self.operations.len() <= 1
    }

    pub(super) fn is_full(&self) -> bool {
        self.operations.len() >= OPERATIONS || self.events.len() >= EVENTS || self.bytes >= BYTES
    }

    /// Runs everything inside a transaction; operations that found no time are returned for the next one.
    pub(super) async fn run(&mut self, tx: &mut Tx) -> Result<(Vec<Appended>, Vec<Box<dyn Operation>>), Error> {
        let began = Instant::now();
        let appended = if self.events.is_empty() {
            Vec::new()
        } else {
            event::append(tx, self.events.iter().map(|job| &job.prepared)).await?
        };
        let mut done = 0;
        for operation in &mut self.operations {
            operation.run(tx).await?;
            done += 1;
            if began.elapsed() > WORK {
                break;
            }
        }
        Ok((appended, self.operations.split_off(done)))
    }

    /// Answers everybody after the commit.
    pub(super) fn answer(self, appended: Vec<Appended>) {
        let mut appended = appended.into_iter();
        for job in self.events {
            job.reply.send(appended.next().ok_or(Error::Closed)).ok();
        }
        for operation in self.operations {
            operation.answer(Ok(()));
        }
    }

    /// Answers everybody with an error.
    pub(super) fn fail(self, error: &Error) {
        for job in self.events {
            job.reply.send(Err(error.clone())).ok();
        }
        for operation in self.operations {
            operation.answer(Err(error.clone()));
        }
    }

    /// Takes the batch apart: the events together first, then each operation alone. If it is events alone, each of them.
    pub(super) fn split(self) -> Vec<Self> {
        let mut parts = Vec::new();
        if self.operations.is_empty() {
            parts.extend(self.events.into_iter().map(|job| Self { events: vec![job], ..Self::default() }));
            return parts;
        }
        if !self.events.is_empty() {
            parts.push(Self { events: self.events, ..Self::default() });
        }
        parts.extend(self.operations.into_iter().map(|job| Self { operations: vec![job], ..Self::default() }));
        parts
    }
}
