//! What is said of an incident: status updates, the tracking document, the briefing, where people meet.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use watchfire_core::incident::{UpdateText, UsersImpacted};
use watchfire_engine::NewUpdate;

use crate::AppState;
use crate::api::extract::{Body, Caller, Name, Query};
use crate::api::failure::Failure;
use crate::api::model::words::UsersWord;
use crate::api::model::{At, BriefingDocument, IncidentDocument, TrackingDocumentDocument, UpdateDocument, UpdateList};

/// A status update; every field has to say something.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewStatusUpdate)]
pub(super) struct UpdateWish {
    /// What can still go wrong, and for whom.
    risk: String,
    #[schema(value_type = UsersWord)]
    users: UsersImpacted,
    /// What happened when, as far as the readers need it.
    timeline: String,
    /// What was done against it.
    mitigation: String,
    /// Where it stands now.
    status: String,
    next_steps: String,
    /// The number of the update that this one puts right; the versions before stay.
    revises: Option<i64>,
    /// When the next one is due; without it as the plans have it for the severity.
    next_due_at: Option<At>,
}

/// A version of the tracking document.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewTrackingDocument)]
pub(super) struct DocumentWish {
    /// The version that the writer read; another one in between is a conflict.
    read: i64,
    text: String,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DocumentQuery {
    /// Counts from 1; without it the newest.
    version: Option<i64>,
}

/// Where people meet.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentLink)]
pub(super) struct LinkWish {
    /// call, room or document
    link: String,
    /// An address of the web; empty takes it away.
    address: String,
}

/// Lists every version of an incident's status updates, the newest first.
#[utoipa::path(get, path = "/incidents/{id}/updates", tag = "updates", params(("id" = String, Path)), responses((status = 200, body = UpdateList)))]
pub(super) async fn list_updates(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
) -> Result<Json<UpdateList>, Failure> {
    Ok(Json(state.engine.updates(&who, &id).await?.into()))
}

/// Writes a status update, or a new version of one.
#[utoipa::path(post, path = "/incidents/{id}/updates", tag = "updates", params(("id" = String, Path)), request_body = UpdateWish, responses((status = CREATED, body = UpdateDocument)))]
pub(super) async fn write_update(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<UpdateWish>,
) -> Result<(StatusCode, Json<UpdateDocument>), Failure> {
    let UpdateWish { risk, users, timeline, mitigation, status, next_steps, revises, next_due_at } = wish;
    let text = UpdateText { risk, users, timeline, mitigation, status, next_steps };
    let wish = NewUpdate { text, revises, next_due_at: next_due_at.map(|at| at.0) };
    Ok((StatusCode::CREATED, Json(state.engine.write_update(&who, &id, wish).await?.into())))
}

/// Shows the tracking document.
#[utoipa::path(get, path = "/incidents/{id}/document", tag = "updates", params(("id" = String, Path), DocumentQuery), responses((status = 200, body = TrackingDocumentDocument)))]
pub(super) async fn get_tracking_document(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Query(query): Query<DocumentQuery>,
) -> Result<Json<TrackingDocumentDocument>, Failure> {
    Ok(Json(state.engine.document(&who, &id, query.version).await?.into()))
}

/// Writes the next version of the tracking document.
#[utoipa::path(put, path = "/incidents/{id}/document", tag = "updates", params(("id" = String, Path)), request_body = DocumentWish, responses((status = 200, body = TrackingDocumentDocument)))]
pub(super) async fn write_tracking_document(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<DocumentWish>,
) -> Result<Json<TrackingDocumentDocument>, Failure> {
    Ok(Json(state.engine.write_document(&who, &id, wish.read, &wish.text).await?.into()))
}

/// Makes the briefing for somebody who joins.
#[utoipa::path(get, path = "/incidents/{id}/briefing", tag = "updates", params(("id" = String, Path)), responses((status = 200, body = BriefingDocument)))]
pub(super) async fn get_briefing(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
) -> Result<Json<BriefingDocument>, Failure> {
    Ok(Json(state.engine.briefing(&who, &id).await?.into()))
}

/// Sets where the people of an incident meet.
#[utoipa::path(put, path = "/incidents/{id}/links", tag = "incidents", params(("id" = String, Path)), request_body = LinkWish, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn set_incident_link(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<LinkWish>,
) -> Result<Json<IncidentDocument>, Failure> {
    state.engine.set_link(&who, &id, &wish.link, &wish.address).await?;
    Ok(Json(state.engine.incident(&who, &id).await?.into()))
}
