//! A transaction: a connection that may write, and what has to be written when it commits.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use futures::future::BoxFuture;
use watchfire_core::record::Draft;
use watchfire_core::time::Timestamp;

use crate::{Conn, Error, entry, tally};

/// What an operation returns: the future of one run of it.
pub type Work<'a, T> = BoxFuture<'a, Result<T, Error>>;

/// A transaction, handed to the operations of [`crate::Store::write`]. Several operations may share one; each sees what
/// those before it wrote.
#[derive(Debug)]
pub struct Tx {
    conn: Conn,
    pub(crate) drafts: Vec<Draft>,
    tallies: BTreeMap<String, i64>,
    now: Timestamp,
}

impl Tx {
    pub(crate) async fn begin(mut conn: Conn, now: Timestamp) -> Result<Self, (Option<Conn>, Error)> {
        match conn.link.begin().await {
            Ok(()) => Ok(Self { conn, drafts: Vec::new(), tallies: BTreeMap::new(), now }),
            Err(error) => {
                conn.link.discard();
                Err((None, error))
            }
        }
    }

    /// Returns the instant at which this transaction records: one for all of it.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Hands an entry to the record. It gets its place when the transaction commits, after those handed in before it.
    pub fn record(&mut self, draft: Draft) {
        self.drafts.push(draft);
    }

    /// Adds to a tally, see [`tally`].
    pub fn tally(&mut self, name: &str, change: i64) {
        if change != 0 {
            *self.tallies.entry(name.to_owned()).or_default() += change;
        }
    }

    /// Takes the right to be the only node that does a kind of work until this transaction ends; `false` if another
    /// node has it. A dead node's right ends with its transaction.
    ///
    /// # Errors
    /// What the database answers.
    pub async fn try_exclusive(&mut self) -> Result<bool, Error> {
        const TRIAGE: i64 = 0x7761_7463_6801;
        self.conn.link.try_exclusive(TRIAGE).await
    }

    /// Writes what was collected and commits; returns the head of the record if it moved.
    ///
    /// The record's counter is taken last, so that entries become visible in the order of their numbers.
    pub(crate) async fn commit(mut self) -> Result<(Conn, Option<i64>), (Option<Conn>, CommitError)> {
        match self.finish().await {
            Ok((head, mark)) => match self.conn.link.script("COMMIT").await {
                Ok(()) => {
                    self.conn.keys.settle(true);
                    Ok((self.conn, head))
                }
                Err(error) => {
                    // A commit that was answered by an error may still hold its locks, one that was not answered may
                    // have happened: the writer finds out by the mark.
                    self.conn.keys.settle(false);
                    let conn = self.undo().await;
                    Err((conn, CommitError { error, mark, head }))
                }
            },
            Err(error) => {
                self.conn.keys.settle(false);
                let conn = self.undo().await;
                Err((conn, CommitError { error, mark: None, head: None }))
            }
        }
    }

    /// Ends the transaction without keeping anything.
    pub(crate) async fn undo(self) -> Option<Conn> {
        let Conn { link, keys, blobs, .. } = self.conn;
        keys.settle(false);
        link.rollback().await.map(|link| Conn { link, keys, blobs, answers: None })
    }

    async fn finish(&mut self) -> Result<(Option<i64>, Option<String>), Error> {
        let tallies = std::mem::take(&mut self.tallies);
        tally::add(&mut self.conn, tallies).await?;
        let drafts = std::mem::take(&mut self.drafts);
        let head = if drafts.is_empty() { None } else { Some(entry::append(self, drafts).await?) };
        Ok((head, self.conn.link.notify_and_mark().await?))
    }
}

/// Why a commit did not succeed, and how to find out whether it did after all.
#[derive(Debug)]
pub(crate) struct CommitError {
    pub(crate) error: Error,
    pub(crate) mark: Option<String>,
    pub(crate) head: Option<i64>,
}

impl Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}
