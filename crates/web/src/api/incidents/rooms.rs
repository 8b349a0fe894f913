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
    /// The address by which people open it; null where the chat knows none.
    link: Option<String>,
    /// It is a call; otherwise a room to write in.
    is_call: bool,
    /// How many people we have invited.
    member_count: usize,
    opened_at: At,
}

/// A channel that can make a room or a call which is not there yet.
#[derive(Serialize, ToSchema)]
#[schema(as = RoomOffer)]
struct OfferDocument {
    channel: String,
    is_call: bool,
}

/// All rooms and calls of an incident, oldest first.
#[derive(Serialize, ToSchema)]
pub(super) struct RoomList {
    items: Vec<RoomDocument>,
    /// Where another can be made; empty for those who may not work on the incident.
    offers: Vec<OfferDocument>,
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
    let offers = state.engine.room_offers(&who, &id).await?;
    let offers = offers.into_iter().map(|offer| OfferDocument { channel: offer.channel, is_call: offer.is_call });
    Ok(Json(RoomList { items, offers: offers.collect(), next: None }))
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
            link: room.link,
            is_call: room.is_call,
            member_count: room.members,
            opened_at: At(room.opened_at),
        }
    }
}
