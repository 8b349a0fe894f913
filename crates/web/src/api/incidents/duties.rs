//! Who had to be told of an incident, and who says that it is over.

use axum::Json;
use axum::extract::State;

use super::change::Changed;
use crate::AppState;
use crate::api::alerts::Reason;
use crate::api::extract::{Body, Caller, Name};
use crate::api::failure::Failure;
use crate::api::model::{IncidentDocument, NoticeList};

/// Lists the notices that were given of an incident: to whom, and who has acknowledged.
#[utoipa::path(get, path = "/incidents/{id}/notices", tag = "paging", params(("id" = String, Path)), responses((status = 200, body = NoticeList)))]
pub(super) async fn list_notices(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
) -> Result<Json<NoticeList>, Failure> {
    Ok(Json(state.engine.notices(&who, &id).await?.into()))
}

/// Verifies what a developer says is resolved: then it is.
#[utoipa::path(post, path = "/incidents/{id}/resolution/verify", tag = "incidents", params(("id" = String, Path)), responses((status = 200, body = IncidentDocument)))]
pub(super) async fn verify_resolution(State(state): State<AppState>, Caller(who): Caller, Name(id): Name) -> Changed {
    let incident = state.engine.verify_resolution(&who, &id).await?;
    Ok(Json(IncidentDocument::shown(&state, &who, incident).await?))
}

/// Says that it is not resolved, and why.
#[utoipa::path(post, path = "/incidents/{id}/resolution/reject", tag = "incidents", params(("id" = String, Path)), request_body = Reason, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn reject_resolution(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<Reason>,
) -> Changed {
    let incident = state.engine.reject_resolution(&who, &id, &wish.reason).await?;
    Ok(Json(IncidentDocument::shown(&state, &who, incident).await?))
}
