//! Channels and their kinds.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use watchfire_core::channel::ChannelTrust;
use watchfire_engine::Error;

use super::extract::{Body, Caller, Name};
use super::failure::Failure;
use super::model::{ChannelDocument, ChannelKindList, ChannelList, TestDocument};
use crate::AppState;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewChannelWish {
    /// One of `GET /channel-kinds`.
    kind: String,
    /// Its name here; unique.
    name: String,
    #[serde(default)]
    settings: BTreeMap<String, String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChannelSettingsWish {
    /// All settings. One that is left out is no longer set; a secret that is left out stays, and an empty one is forgotten.
    settings: BTreeMap<String, String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RotateWish {
    /// The name of the secret.
    setting: String,
    value: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TrustWish {
    /// trusted, suspect or burned.
    trust: String,
    /// Why; kept in the record.
    reason: String,
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TestWish {
    /// The recipient's address there; needed where the channel has no place of its own.
    #[serde(default)]
    to: Option<String>,
}

/// The routes of channels.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_channel_kinds))
        .routes(routes!(list_channels, add_channel))
        .routes(routes!(get_channel, set_channel))
        .routes(routes!(rotate_channel))
        .routes(routes!(trust_channel))
        .routes(routes!(test_channel))
        .routes(routes!(disable_channel))
        .routes(routes!(enable_channel))
}

/// Lists the kinds of channels that can be set up.
#[utoipa::path(get, path = "/channel-kinds", tag = "channels", responses((status = 200, body = ChannelKindList)))]
async fn list_channel_kinds(State(state): State<AppState>, Caller(_who): Caller) -> Json<ChannelKindList> {
    Json(ChannelKindList::new(state.engine.channel_kinds(), state.engine.base_url()))
}

/// Lists all channels by name.
#[utoipa::path(get, path = "/channels", tag = "channels", responses((status = 200, body = ChannelList)))]
async fn list_channels(State(state): State<AppState>, Caller(who): Caller) -> Result<Json<ChannelList>, Failure> {
    Ok(Json(state.engine.channels(&who).await?.into()))
}

/// Sets a channel up. Its secrets are kept sealed and never shown again.
#[utoipa::path(post, path = "/channels", tag = "channels", request_body = NewChannelWish, responses((status = CREATED, body = ChannelDocument)))]
async fn add_channel(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<NewChannelWish>,
) -> Result<(StatusCode, Json<ChannelDocument>), Failure> {
    let channel = state.engine.add_channel(&who, &wish.kind, &wish.name, wish.settings).await?;
    Ok((StatusCode::CREATED, Json(channel.into())))
}

/// Shows one channel, by id or name.
#[utoipa::path(get, path = "/channels/{id}", tag = "channels", params(("id" = String, Path)), responses((status = 200, body = ChannelDocument)))]
async fn get_channel(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
) -> Result<Json<ChannelDocument>, Failure> {
    Ok(Json(state.engine.channel(&who, &id).await?.into()))
}

/// Changes the settings of a channel.
#[utoipa::path(put, path = "/channels/{id}", tag = "channels", params(("id" = String, Path)), request_body = ChannelSettingsWish, responses((status = 200, body = ChannelDocument)))]
async fn set_channel(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<ChannelSettingsWish>,
) -> Result<Json<ChannelDocument>, Failure> {
    Ok(Json(state.engine.set_channel(&who, &id, wish.settings).await?.into()))
}

/// Puts a new secret in place of the present one, which stays beside it where the kind can use both.
#[utoipa::path(post, path = "/channels/{id}/rotate", tag = "channels", params(("id" = String, Path)), request_body = RotateWish, responses((status = 200, body = ChannelDocument)))]
async fn rotate_channel(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<RotateWish>,
) -> Result<Json<ChannelDocument>, Failure> {
    Ok(Json(state.engine.rotate_channel(&who, &id, &wish.setting, &wish.value).await?.into()))
}

/// Says how much a channel is trusted. A suspect one is told of restricted incidents only that there is work, a burned one
/// carries nothing.
#[utoipa::path(post, path = "/channels/{id}/trust", tag = "channels", params(("id" = String, Path)), request_body = TrustWish, responses((status = 200, body = ChannelDocument)))]
async fn trust_channel(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<TrustWish>,
) -> Result<Json<ChannelDocument>, Failure> {
    let trust: ChannelTrust = wish.trust.parse().map_err(|error| Error::invalid("trust", format!("{error}")))?;
    Ok(Json(state.engine.trust_channel(&who, &id, trust, &wish.reason).await?.into()))
}

/// Sends a test message now and tells what came of it.
#[utoipa::path(post, path = "/channels/{id}/test", tag = "channels", params(("id" = String, Path)), request_body = TestWish, responses((status = 200, body = TestDocument)))]
async fn test_channel(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<TestWish>,
) -> Result<Json<TestDocument>, Failure> {
    Ok(Json(state.engine.test_channel(&who, &id, wish.to.as_deref()).await?.into()))
}

/// Stops a channel: what would go through it takes another way.
#[utoipa::path(post, path = "/channels/{id}/disable", tag = "channels", params(("id" = String, Path)), responses((status = 200, body = ChannelDocument)))]
async fn disable_channel(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
) -> Result<Json<ChannelDocument>, Failure> {
    Ok(Json(state.engine.disable_channel(&who, &id).await?.into()))
}

/// Lets a stopped channel carry messages again.
#[utoipa::path(post, path = "/channels/{id}/enable", tag = "channels", params(("id" = String, Path)), responses((status = 200, body = ChannelDocument)))]
async fn enable_channel(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
) -> Result<Json<ChannelDocument>, Failure> {
    Ok(Json(state.engine.enable_channel(&who, &id).await?.into()))
}
