//! Silences: list, begin, end.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::{Body, Caller, Name};
use super::failure::{Failure, not_found};
use super::model::{SilenceDocument, SilenceList};
use crate::AppState;

/// What is silenced, for how long and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSilence {
    /// Fields (`source`, `title`, `key`, `resource`, ...) and labels with the value that each must have.
    matcher: BTreeMap<String, String>,
    /// 1 to 168.
    hours: i64,
    reason: String,
}

/// The routes of silences.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_silences, add_silence)).routes(routes!(end_silence))
}

/// Lists the silences in force.
#[utoipa::path(get, path = "/silences", tag = "silences", responses((status = 200, body = SilenceList)))]
async fn list_silences(State(state): State<AppState>, Caller(who): Caller) -> Result<Json<SilenceList>, Failure> {
    Ok(Json(state.engine.silences(&who).await?.into()))
}

/// Silences what matches, also alerts that are yet to come.
#[utoipa::path(post, path = "/silences", tag = "silences", request_body = NewSilence, responses((status = CREATED, body = SilenceDocument)))]
async fn add_silence(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<NewSilence>,
) -> Result<(StatusCode, Json<SilenceDocument>), Failure> {
    let silence = state.engine.silence(&who, wish.matcher, wish.hours, &wish.reason).await?;
    Ok((StatusCode::CREATED, Json(silence.into())))
}

/// Ends a silence before its time; answers with what it was.
#[utoipa::path(delete, path = "/silences/{id}", tag = "silences", params(("id" = String, Path)), responses((status = 200, body = SilenceDocument)))]
async fn end_silence(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
) -> Result<Json<SilenceDocument>, Failure> {
    let silence = state.engine.silences(&who).await?.into_iter().find(|silence| silence.id == id);
    let silence = silence.ok_or_else(|| not_found("silence"))?;
    state.engine.end_silence(&who, &silence.id).await?;
    Ok(Json(silence.into()))
}
