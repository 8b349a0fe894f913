//! Events: list, show, requeue, explain.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use watchfire_core::event::Status;
use watchfire_core::id::kind;
use watchfire_engine::EventFilter;

use super::alerts::source_id;
use super::extract::{Caller, Query, Uuid, list, page};
use super::failure::Failure;
use super::model::{EventDocument, EventPage, ExplanationDocument};
use crate::AppState;

/// Which events are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EventQuery {
    /// Rows, 1 to 200; without it 50.
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// pending, processed or quarantined.
    status: Option<String>,
    /// A source's name.
    source: Option<String>,
}

/// The routes of events.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_events))
        .routes(routes!(get_event))
        .routes(routes!(requeue_event))
        .routes(routes!(explain_event))
}

/// Lists deliveries, the newest first, without their bodies.
#[utoipa::path(get, path = "/events", tag = "events", params(EventQuery), responses((status = 200, body = EventPage)))]
async fn list_events(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(query): Query<EventQuery>,
) -> Result<Json<EventPage>, Failure> {
    let status = list("status", query.status.as_deref(), Status::parse)?;
    let source = source_id(&state, &who, query.source).await?;
    let filter = EventFilter { status: status.first().copied(), source };
    let page = page(query.limit, query.cursor)?;
    Ok(Json(state.engine.events(&who, filter, page).await?.into()))
}

/// Shows one delivery as received, with the alerts that it spoke of.
#[utoipa::path(get, path = "/events/{id}", tag = "events", params(("id" = String, Path)), responses((status = 200, body = EventDocument)))]
async fn get_event(
    State(state): State<AppState>,
    Caller(who): Caller,
    Uuid(id): Uuid<kind::Event>,
) -> Result<Json<EventDocument>, Failure> {
    Ok(Json(state.engine.event(&who, id).await?.into()))
}

/// Puts a delivery from quarantine back in the queue, to be read again.
#[utoipa::path(post, path = "/events/{id}/requeue", tag = "events", params(("id" = String, Path)), responses((status = 200, body = EventDocument)))]
async fn requeue_event(
    State(state): State<AppState>,
    Caller(who): Caller,
    Uuid(id): Uuid<kind::Event>,
) -> Result<Json<EventDocument>, Failure> {
    state.engine.requeue_event(&who, id).await?;
    Ok(Json(state.engine.event(&who, id).await?.into()))
}

/// Tells what became of a delivery: which rule, which key, which incident, or why nothing happened.
#[utoipa::path(get, path = "/events/{id}/explain", tag = "events", params(("id" = String, Path)), responses((status = 200, body = ExplanationDocument)))]
async fn explain_event(
    State(state): State<AppState>,
    Caller(who): Caller,
    Uuid(id): Uuid<kind::Event>,
) -> Result<Json<ExplanationDocument>, Failure> {
    Ok(Json(state.engine.explain(&who, id).await?.into()))
}
