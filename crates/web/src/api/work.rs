//! What you owe, and the status board.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::Caller;
use super::failure::Failure;
use super::model::{BoardList, WorkDocument};
use crate::AppState;

/// The routes of work.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_work)).routes(routes!(get_board))
}

/// Gathers what you owe: answers to pages, roles, tasks, updates.
#[utoipa::path(get, path = "/work", tag = "work", responses((status = 200, body = WorkDocument)))]
async fn get_work(State(state): State<AppState>, Caller(who): Caller) -> Result<Json<WorkDocument>, Failure> {
    let pages = state.engine.my_open_pages(&who).await?;
    Ok(Json(WorkDocument::of(state.engine.work(&who).await?, pages)))
}

/// Lists the open incidents that everybody may know of; restricted ones are never among them.
#[utoipa::path(get, path = "/board", tag = "work", responses((status = 200, body = BoardList)))]
async fn get_board(State(state): State<AppState>, Caller(who): Caller) -> Result<Json<BoardList>, Failure> {
    Ok(Json(state.engine.board(&who).await?.into()))
}
