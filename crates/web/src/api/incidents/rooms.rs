//! Where an incident's people talk.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use watchfire_engine::IncidentRoom;

use crate::AppState;
use crate::api::extract::{Body, Caller, Name};
use crate::api::failure::Failure;
use crate::api::model::At;

/// A room or call of an incident.
#[derive(Serialize, ToSchema)]
#[schema(as = IncidentRoom)]
pub(super) struct RoomDocument {
    /// The channel's name.
    channel: String,
    kind: String,
    /// The chat's own id of the room, or the address to join the call.
    room: String,
    /// How many people we have invited.
    member_count: usize,
    opened_at: At,
}

/// All rooms and calls of an incident, oldest first.
#[derive(Serialize, ToSchema)]
pub(super) struct RoomList {
    items: Vec<RoomDocument>,
    next: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RoomWish {
    /// Id or name of a channel that makes rooms or calls.
    channel: String,
}

/// Lists the rooms and calls of an incident.
#[utoipa::path(get, path = "/incidents/{id}/rooms", tag = "incidents", params(("id" = String, Path)), responses((status = 200, body = RoomList)))]
pub(super) async fn list_rooms(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
) -> Result<Json<RoomList>, Failure> {
    let items = state.engine.incident_rooms(&who, &id).await?.into_iter().map(Into::into).collect();
    Ok(Json(RoomList { items, next: None }))
}

/// Makes the incident's private room or call on a channel, or shows the one that is there; who is on the incident is invited.
#[utoipa::path(post, path = "/incidents/{id}/rooms", tag = "incidents", params(("id" = String, Path)), request_body = RoomWish, responses((status = CREATED, body = RoomDocument)))]
pub(super) async fn open_room(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<RoomWish>,
) -> Result<(StatusCode, Json<RoomDocument>), Failure> {
    let room = state.engine.open_incident_room(&who, &id, &wish.channel).await?;
    Ok((StatusCode::CREATED, Json(room.into())))
}

impl From<IncidentRoom> for RoomDocument {
    fn from(room: IncidentRoom) -> Self {
        Self {
            channel: room.channel,
            kind: room.kind,
            room: room.room,
            member_count: room.members,
            opened_at: At(room.opened_at),
        }
    }
}
