//! Answers that open pages share: between two commits the same question has the same answer, whoever asks.
//!
//! After a change two hundred open pages ask much the same. Most of their questions name no reader (the tasks of an incident,
//! its links), and those that do, by the scope, are other questions for other readers: nobody gets what was looked up for
//! somebody else. Kept is what the database answered, sealed as it is stored.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use crate::Error;
use crate::args::Value;
use crate::db::Row;
use crate::writer::Progress;

/// Rows that are kept at most; what is asked beyond that goes to the database each time.
const ROWS: usize = 8_000;
/// Questions that are kept at most.
const QUESTIONS: usize = 8_000;

/// What was asked since the last commit, and the answers.
pub(crate) struct Answers {
    commits: watch::Receiver<Progress>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// The commits up to which the answers hold.
    commits: u64,
    rows: usize,
    answers: HashMap<Question, Vec<Row>>,
}

/// A statement's text and its arguments.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Question {
    pub(crate) text: Cow<'static, str>,
    pub(crate) args: Vec<Value>,
}

impl Answers {
    pub(crate) fn new(commits: watch::Receiver<Progress>) -> Self {
        Self { commits, known: Mutex::default() }
    }

    /// Returns the answer that is known, or asks for it and keeps it.
    ///
    /// # Errors
    /// As `ask`; a failure is not kept.
    pub(crate) async fn to(
        &self,
        question: Question,
        ask: impl AsyncFnOnce(&Question) -> Result<Vec<Row>, Error>,
    ) -> Result<Vec<Row>, Error> {
        // Before asking: an answer may be newer than what it is kept under, never older.
        let commits = self.commits.borrow().commits;
        if let Some(rows) = self.known(commits, &question) {
            return Ok(rows);
        }
        let rows = ask(&question).await?;
        self.keep(commits, question, &rows);
        Ok(rows)
    }

    fn known(&self, commits: u64, question: &Question) -> Option<Vec<Row>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.commits == commits { known.answers.get(question).cloned() } else { None }
    }

    fn keep(&self, commits: u64, question: Question, rows: &[Row]) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.commits > commits {
            return;
        }
        if known.commits < commits {
            *known = Known { commits, ..Known::default() };
        }
        if known.rows + rows.len() <= ROWS && known.answers.len() < QUESTIONS {
            known.rows += rows.len();
            known.answers.insert(question, rows.to_vec());
        }
    }
}
