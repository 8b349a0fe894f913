//! Overrides.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use watchfire_engine::NewOverride;

use super::show::Span;
use crate::AppState;
use crate::api::extract::{Body, Caller, Name, Query};
use crate::api::failure::Failure;
use crate::api::model::{At, OverrideDocument, OverrideList};

/// Who takes over, when and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OverrideWish {
    schedule: String,
    /// Who takes over; without it you.
    login: Option<String>,
    /// Whose place; without it everybody's, and gaps are filled.
    instead_of: Option<String>,
    /// Without it now; never in the past.
    from: Option<At>,
    until: At,
    reason: String,
}

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_overrides, add_override)).routes(routes!(end_override))
}

/// Lists the overrides that reach into a span.
#[utoipa::path(get, path = "/on-call/overrides", tag = "on-call", params(Span), responses((status = 200, body = OverrideList)))]
async fn list_overrides(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(span): Query<Span>,
) -> Result<Json<OverrideList>, Failure> {
    let (from, until) = span.of(state.engine.now());
    Ok(Json(state.engine.on_call_board(&who, from, until).await?.overrides.into()))
}

/// Lets somebody take over for a while.
#[utoipa::path(post, path = "/on-call/overrides", tag = "on-call", request_body = OverrideWish, responses((status = CREATED, body = OverrideDocument)))]
async fn add_override(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<OverrideWish>,
) -> Result<(StatusCode, Json<OverrideDocument>), Failure> {
    let new = NewOverride {
        schedule: wish.schedule,
        login: wish.login.unwrap_or_else(|| who.login().unwrap_or_default().to_owned()),
        instead_of: wish.instead_of,
        from: wish.from.map(|at| at.0),
        until: wish.until.0,
        reason: wish.reason,
    };
    let row = state.engine.override_on_call(&who, new).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

/// Ends an override, or both halves of a swap, from now on.
#[utoipa::path(delete, path = "/on-call/overrides/{id}", tag = "on-call", params(("id" = String, Path)), responses((status = NO_CONTENT)))]
async fn end_override(State(state): State<AppState>, Caller(who): Caller, Name(id): Name) -> Result<StatusCode, Failure> {
    state.engine.end_override(&who, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
