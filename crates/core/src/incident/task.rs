//! Tasks: pieces of work with an owner.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Refusal;
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
    /// The team that the work belongs to; `None` is the incident's own.
    pub team: Option<String>,
    pub state: TaskState,
    pub due_at: Option<Timestamp>,
    /// Somebody has to be consulted before it is done, such as who runs what a rotated secret opens.
    pub consult: bool,
    /// Who was consulted, and when that was recorded.
    pub consulted_by: Option<String>,
    pub consulted_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

/// How far a task has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskState {
    /// Nobody has said yet that they will do it.
    Open,
    /// Its owner has said yes.
    Accepted,
    /// It is being worked on.
    Doing,
    /// Its owner says that it is done.
    Done,
    /// Another person has looked and agrees.
    Verified,
    /// It need not be done any more.
    Cancelled,
}

impl Task {
    /// Moves the task to a state for somebody. Whoever accepts or begins a task without an owner becomes its owner.
    ///
    /// # Errors
    /// [`Refusal`] names the law: another accepts what is not theirs, a task is done before those were consulted who have to
    /// be, or it is verified before it is done or by its own owner.
    pub fn go(&mut self, to: TaskState, by: &str) -> Result<(), Refusal> {
        match to {
            TaskState::Done if self.awaits_consulting() => return Err(Refusal::NotConsulted { number: self.number }),
            TaskState::Accepted | TaskState::Doing if self.owner.is_none() => self.owner = Some(by.to_owned()),
            TaskState::Accepted if self.owner.as_deref() != Some(by) => {
                return Err(Refusal::NotTheTasksOwner { number: self.number });
            }
            TaskState::Verified if self.state != TaskState::Done => return Err(Refusal::TaskNotDone { number: self.number }),
            TaskState::Verified if self.owner.as_deref() == Some(by) => {
                return Err(Refusal::VerifiedByItsOwner { number: self.number });
            }
            _ => {}
        }
        self.state = to;
        Ok(())
    }

    /// Tells whether somebody has to be consulted and was not.
    pub fn awaits_consulting(&self) -> bool {
        self.consult && self.consulted_at.is_none()
    }

    /// Records that somebody was consulted; a later answer takes the place of an earlier one.
    ///
    /// # Errors
    /// [`Refusal`] if its owner answers for them.
    pub fn consulted(&mut self, by: &str, now: Timestamp) -> Result<(), Refusal> {
        if self.owner.as_deref() == Some(by) {
            return Err(Refusal::ConsultedByItsOwner { number: self.number });
        }
        (self.consulted_by, self.consulted_at) = (Some(by.to_owned()), Some(now));
        Ok(())
    }
}

impl TaskState {
    /// All states.
    pub const ALL: [Self; 6] = [Self::Open, Self::Accepted, Self::Doing, Self::Done, Self::Verified, Self::Cancelled];

    /// Returns the word that the API and the store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Doing => "doing",
            Self::Done => "done",
            Self::Verified => "verified",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Tells whether work is still to be done.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Accepted | Self::Doing)
    }
}
