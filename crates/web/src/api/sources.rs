//! Sources and their kinds.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use watchfire_core::alert::Observation;
use watchfire_core::source::Headers;

use super::extract::{Body, Caller, Name};
use super::failure::Failure;
use super::model::{CredentialsDocument, KindList, SetupDocument, SourceDocument, SourceList};
use crate::AppState;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSourceWish {
    /// One of `GET /source-kinds`.
    kind: String,
    /// Its name here; unique.
    name: String,
    #[serde(default)]
    settings: BTreeMap<String, String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SettingsWish {
    /// All settings; one that is left out is no longer set.
    settings: BTreeMap<String, String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TryWish {
    /// One of `GET /source-kinds`.
    kind: String,
    #[serde(default)]
    settings: BTreeMap<String, String>,
    /// Headers of the delivery.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// The payload as text, byte for byte.
    body: String,
}

/// The routes of sources.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_kinds))
        .routes(routes!(list_sources, add_source))
        .routes(routes!(try_source))
        .routes(routes!(get_source, set_source))
        .routes(routes!(disable_source))
        .routes(routes!(enable_source))
        .routes(routes!(rotate_source))
        .routes(routes!(get_setup))
}

/// Lists the kinds of sources that can be connected.
#[utoipa::path(get, path = "/source-kinds", tag = "sources", responses((status = 200, body = KindList)))]
async fn list_kinds(State(state): State<AppState>, Caller(_who): Caller) -> Json<KindList> {
    Json(state.engine.source_kinds().into())
}

/// Lists all sources by name.
#[utoipa::path(get, path = "/sources", tag = "sources", responses((status = 200, body = SourceList)))]
async fn list_sources(State(state): State<AppState>, Caller(who): Caller) -> Result<Json<SourceList>, Failure> {
    Ok(Json(state.engine.sources(&who).await?.into()))
}

/// Connects a source. Whoever may configure sees its key and secret again in its set-up.
#[utoipa::path(post, path = "/sources", tag = "sources", request_body = NewSourceWish, responses((status = CREATED, body = CredentialsDocument)))]
async fn add_source(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<NewSourceWish>,
) -> Result<(StatusCode, Json<CredentialsDocument>), Failure> {
    let new = state.engine.add_source(&who, &wish.kind, &wish.name, wish.settings).await?;
    Ok((StatusCode::CREATED, Json(new.into())))
}

/// Shows what a payload would become; nothing is stored.
#[utoipa::path(post, path = "/sources/try", tag = "sources", request_body = TryWish, responses((status = 200, body = Object)))]
async fn try_source(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<TryWish>,
) -> Result<Json<Value>, Failure> {
    let headers: Headers = wish.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let parsed = state.engine.try_source(&who, &wish.kind, &wish.settings, &headers, wish.body.as_bytes())?;
    let alerts: Vec<Observation> = parsed.observations.into_iter().map(Observation::bounded).collect();
    Ok(Json(json!({ "alerts": alerts, "delivery_id": parsed.delivery_id, "remark": parsed.remark })))
}

/// Shows one source, by id or name.
#[utoipa::path(get, path = "/sources/{id}", tag = "sources", params(("id" = String, Path)), responses((status = 200, body = SourceDocument)))]
async fn get_source(State(state): State<AppState>, Caller(who): Caller, Name(id): Name) -> Result<Json<SourceDocument>, Failure> {
    Ok(Json(state.engine.source(&who, &id).await?.into()))
}

/// Replaces the settings of a source.
#[utoipa::path(put, path = "/sources/{id}", tag = "sources", params(("id" = String, Path)), request_body = SettingsWish, responses((status = 200, body = SourceDocument)))]
async fn set_source(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<SettingsWish>,
) -> Result<Json<SourceDocument>, Failure> {
    let source = state.engine.set_source(&who, &id, wish.settings).await?;
    Ok(Json(state.engine.source(&who, &source.name).await?.into()))
}

/// Refuses a source's deliveries from now on, as if it were not there.
#[utoipa::path(post, path = "/sources/{id}/disable", tag = "sources", params(("id" = String, Path)), responses((status = 200, body = SourceDocument)))]
async fn disable_source(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
) -> Result<Json<SourceDocument>, Failure> {
    let source = state.engine.disable_source(&who, &id).await?;
    Ok(Json(state.engine.source(&who, &source.name).await?.into()))
}

/// Takes a source's deliveries again.
#[utoipa::path(post, path = "/sources/{id}/enable", tag = "sources", params(("id" = String, Path)), responses((status = 200, body = SourceDocument)))]
async fn enable_source(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
) -> Result<Json<SourceDocument>, Failure> {
    let source = state.engine.enable_source(&who, &id).await?;
    Ok(Json(state.engine.source(&who, &source.name).await?.into()))
}

/// Makes a new secret; the one before works beside it until the next change.
#[utoipa::path(post, path = "/sources/{id}/rotate", tag = "sources", params(("id" = String, Path)), responses((status = 200, body = CredentialsDocument)))]
async fn rotate_source(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
) -> Result<Json<CredentialsDocument>, Failure> {
    Ok(Json(state.engine.rotate_source(&who, &id).await?.into()))
}

/// Shows how to set up the sender, with address, key and secret filled in.
#[utoipa::path(get, path = "/sources/{id}/setup", tag = "sources", params(("id" = String, Path)), responses((status = 200, body = SetupDocument)))]
async fn get_setup(State(state): State<AppState>, Caller(who): Caller, Name(id): Name) -> Result<Json<SetupDocument>, Failure> {
    Ok(Json(SetupDocument { markdown: state.engine.source_setup(&who, &id).await? }))
}
