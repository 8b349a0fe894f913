//! Tasks.

use serde::Serialize;
use utoipa::ToSchema;
use watchfire_core::id::TaskId;
use watchfire_core::incident::{Task, TaskState};

use super::At;
use super::words::TaskStateWord;

/// One piece of work within an incident.
#[derive(Serialize, ToSchema)]
#[schema(as = Task)]
pub(crate) struct TaskDocument {
    #[schema(value_type = String, format = "uuid")]
    id: TaskId,
    /// Counts from 1 within the incident; people say "T-3".
    number: i64,
    title: String,
    owner: Option<String>,
    /// The team that the work belongs to; null is the incident's own.
    team: Option<String>,
    #[schema(value_type = TaskStateWord)]
    state: TaskState,
    due_at: Option<At>,
    /// Somebody has to be consulted before it is done.
    consult: bool,
    /// Who was consulted, and when that was recorded.
    consulted_by: Option<String>,
    consulted_at: Option<At>,
    created_at: At,
    changed_at: At,
}

/// The tasks of an incident.
#[derive(Serialize, ToSchema)]
pub(crate) struct TaskList {
    items: Vec<TaskDocument>,
    next: Option<String>,
}

impl From<Task> for TaskDocument {
    fn from(task: Task) -> Self {
        Self {
            id: task.id,
            number: task.number,
            title: task.title,
            owner: task.owner,
            team: task.team,
            state: task.state,
            due_at: task.due_at.map(At),
            consult: task.consult,
            consulted_by: task.consulted_by,
            consulted_at: task.consulted_at.map(At),
            created_at: At(task.created_at),
            changed_at: At(task.changed_at),
        }
    }
}

impl From<Vec<Task>> for TaskList {
    fn from(tasks: Vec<Task>) -> Self {
        Self { items: tasks.into_iter().map(TaskDocument::from).collect(), next: None }
    }
}
