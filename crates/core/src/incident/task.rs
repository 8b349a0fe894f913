//! Tasks: pieces of work with an owner.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{IncidentId, TaskId};

/// One piece of work within an incident.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Task {
    pub id: TaskId,
    pub incident: IncidentId,
    /// Counts from 1 within the incident; people say "T-3".
    pub number: i64,
    pub title: String,
    /// A login address; `None` is nobody, which pages show as trouble.
    pub owner: Option<String>,
    pub state: TaskState,
    pub due_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

/// How far a task has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskState {
    Open,
    Doing,
    Done,
    Cancelled,
}

impl TaskState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Open, Self::Doing, Self::Done, Self::Cancelled];

    /// Returns the word that the API and the store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Doing => "doing",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Tells whether work is still to be done.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Doing)
    }
}
