//! Tasks of an incident.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;
use watchfire_core::incident::TaskState;
use watchfire_engine::{NewTask, TaskChange};

use crate::AppState;
use crate::api::extract::{Body, Caller, Name, Number};
use crate::api::failure::Failure;
use crate::api::model::words::TaskStateWord;
use crate::api::model::{At, TaskDocument, TaskList};

/// A task to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TaskWish {
    /// What is to be done, in one line.
    title: String,
    /// A person's login.
    owner: Option<String>,
    /// The team that the work belongs to; without it the incident's own.
    team: Option<String>,
    due_at: Option<At>,
    /// Somebody has to be consulted before it is done; left out, so it is for what rotates or revokes something, where the plans
    /// name who is consulted.
    consult: Option<bool>,
    /// The owner leads the incident and gets the task all the same: who leads does no technical work.
    #[serde(default)]
    insist: bool,
}

/// What changes of a task; what is left out stays, null takes it away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TaskPatch {
    title: Option<String>,
    #[schema(value_type = Option<TaskStateWord>)]
    state: Option<TaskState>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    owner: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    team: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<At>)]
    due_at: Option<Option<At>>,
    consult: Option<bool>,
    /// Why it is done though nobody was consulted who had to be.
    unconsulted: Option<String>,
    /// The owner leads the incident and gets the task all the same: who leads does no technical work.
    #[serde(default)]
    insist: bool,
}

/// Who was consulted about a task, and what they said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Consultation {
    /// A person's login; without it you.
    by: Option<String>,
    text: String,
}

/// Lists the tasks of an incident.
#[utoipa::path(get, path = "/incidents/{id}/tasks", tag = "tasks", params(("id" = String, Path)), responses((status = 200, body = TaskList)))]
pub(super) async fn list_tasks(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
) -> Result<Json<TaskList>, Failure> {
    Ok(Json(state.engine.incident(&who, &id).await?.tasks.into()))
}

/// Adds a task.
#[utoipa::path(post, path = "/incidents/{id}/tasks", tag = "tasks", params(("id" = String, Path)), request_body = TaskWish, responses((status = CREATED, body = TaskDocument)))]
pub(super) async fn add_task(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<TaskWish>,
) -> Result<(StatusCode, Json<TaskDocument>), Failure> {
    let due_at = wish.due_at.map(|at| at.0);
    let TaskWish { title, owner, team, consult, insist, .. } = wish;
    let wish = NewTask { title, owner, team, due_at, consult, insist };
    let task = state.engine.add_task(&who, &id, wish).await?;
    Ok((StatusCode::CREATED, Json(task.into())))
}

/// Changes a task by its number.
#[utoipa::path(patch, path = "/incidents/{id}/tasks/{number}", tag = "tasks", params(("id" = String, Path), ("number" = i64, Path)), request_body = TaskPatch, responses((status = 200, body = TaskDocument)))]
pub(super) async fn change_task(
    State(state): State<AppState>,
    Caller(who): Caller,
    Number(id, number): Number,
    Body(wish): Body<TaskPatch>,
) -> Result<Json<TaskDocument>, Failure> {
    let change = TaskChange {
        title: wish.title,
        owner: wish.owner,
        team: wish.team,
        due_at: wish.due_at.map(|due_at| due_at.map(|at| at.0)),
        state: wish.state,
        consult: wish.consult,
        unconsulted: wish.unconsulted,
        insist: wish.insist,
    };
    Ok(Json(state.engine.change_task(&who, &id, number, change).await?.into()))
}

/// Records that somebody was consulted about a task.
#[utoipa::path(post, path = "/incidents/{id}/tasks/{number}/consulted", tag = "tasks", params(("id" = String, Path), ("number" = i64, Path)), request_body = Consultation, responses((status = 200, body = TaskDocument)))]
pub(super) async fn consulted(
    State(state): State<AppState>,
    Caller(who): Caller,
    Number(id, number): Number,
    Body(wish): Body<Consultation>,
) -> Result<Json<TaskDocument>, Failure> {
    Ok(Json(state.engine.consulted(&who, &id, number, wish.by.as_deref(), &wish.text).await?.into()))
}

/// Tells null, which takes a value away, from a field that was left out.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}
