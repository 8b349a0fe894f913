//! Swaps.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use watchfire_engine::NewSwap;

use crate::AppState;
use crate::api::extract::{Body, Caller, Name};
use crate::api::failure::Failure;
use crate::api::model::{At, SwapDocument, SwapList};

/// What you give to whom, and what you take for it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SwapWish {
    schedule: String,
    /// To whom it is offered.
    with: String,
    give_from: At,
    give_until: At,
    take_from: At,
    take_until: At,
    reason: String,
}

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_swaps, offer_swap)).routes(routes!(accept_swap)).routes(routes!(refuse_swap))
}

/// Lists the swaps that are offered, and those that were settled within 30 days.
#[utoipa::path(get, path = "/on-call/swaps", tag = "on-call", responses((status = 200, body = SwapList)))]
async fn list_swaps(State(state): State<AppState>, Caller(who): Caller) -> Result<Json<SwapList>, Failure> {
    Ok(Json(state.engine.swaps(&who).await?.into()))
}

/// Offers a swap; nothing changes until the other side accepts.
#[utoipa::path(post, path = "/on-call/swaps", tag = "on-call", request_body = SwapWish, responses((status = CREATED, body = SwapDocument)))]
async fn offer_swap(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<SwapWish>,
) -> Result<(StatusCode, Json<SwapDocument>), Failure> {
    let new = NewSwap {
        schedule: wish.schedule,
        with: wish.with,
        give: (wish.give_from.0, wish.give_until.0),
        take: (wish.take_from.0, wish.take_until.0),
        reason: wish.reason,
    };
    Ok((StatusCode::CREATED, Json(state.engine.offer_swap(&who, new).await?.into())))
}

/// Accepts a swap that was offered to you.
#[utoipa::path(post, path = "/on-call/swaps/{id}/accept", tag = "on-call", params(("id" = String, Path)), responses((status = NO_CONTENT)))]
async fn accept_swap(State(state): State<AppState>, Caller(who): Caller, Name(id): Name) -> Result<StatusCode, Failure> {
    state.engine.accept_swap(&who, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Declines a swap that was offered to you, or withdraws one that you offered.
#[utoipa::path(post, path = "/on-call/swaps/{id}/refuse", tag = "on-call", params(("id" = String, Path)), responses((status = NO_CONTENT)))]
async fn refuse_swap(State(state): State<AppState>, Caller(who): Caller, Name(id): Name) -> Result<StatusCode, Failure> {
    state.engine.refuse_swap(&who, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
