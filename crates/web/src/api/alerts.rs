//! Alerts: list, show, acknowledge, resolve, silence.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use watchfire_core::Severity;
use watchfire_core::access::Identity;
use watchfire_core::alert::Status;
use watchfire_core::id::{IncidentId, SourceId, kind};
use watchfire_engine::AlertFilter;

use super::extract::{Body, Caller, Query, Uuid, list, page};
use super::failure::Failure;
use super::model::{AlertDocument, AlertPage, SilenceDocument};
use crate::AppState;

/// Which alerts are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AlertQuery {
    /// Rows, 1 to 200; without it 50.
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Statuses with commas between: `firing,acknowledged`.
    status: Option<String>,
    /// Severities with commas between: `sev1,sev2`.
    severity: Option<String>,
    /// A source's name.
    source: Option<String>,
    /// A team's queue.
    team: Option<String>,
    /// An incident's id.
    incident: Option<String>,
    /// Looked for in title, resource, key and labels.
    text: Option<String>,
}

/// Why something is done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reason {
    /// In a sentence, for the record.
    #[serde(default)]
    pub(super) reason: String,
}

/// For how long an alert raises nothing, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SilenceWish {
    /// 1 to 168.
    hours: i64,
    reason: String,
}

/// The routes of alerts.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_alerts))
        .routes(routes!(get_alert))
        .routes(routes!(acknowledge_alert))
        .routes(routes!(resolve_alert))
        .routes(routes!(silence_alert))
}

/// Lists alerts, the last changed first.
#[utoipa::path(get, path = "/alerts", tag = "alerts", params(AlertQuery), responses((status = 200, body = AlertPage)))]
async fn list_alerts(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(query): Query<AlertQuery>,
) -> Result<Json<AlertPage>, Failure> {
    let filter = AlertFilter {
        statuses: list("status", query.status.as_deref(), Status::parse)?,
        severities: list("severity", query.severity.as_deref(), |word| word.parse::<Severity>().ok())?,
        source: source_id(&state, &who, query.source).await?,
        team: query.team,
        incident: incident_id(&state, &who, query.incident).await?,
        text: query.text,
    };
    let page = page(query.limit, query.cursor)?;
    Ok(Json(state.engine.alerts(&who, filter, page).await?.into()))
}

/// Shows one alert with its receipts and incidents.
#[utoipa::path(get, path = "/alerts/{id}", tag = "alerts", params(("id" = String, Path)), responses((status = 200, body = AlertDocument)))]
async fn get_alert(
    State(state): State<AppState>,
    Caller(who): Caller,
    Uuid(id): Uuid<kind::Alert>,
) -> Result<Json<AlertDocument>, Failure> {
    Ok(Json(state.engine.alert(&who, id).await?.into()))
}

/// Says that somebody has taken the alert up.
#[utoipa::path(post, path = "/alerts/{id}/acknowledge", tag = "alerts", params(("id" = String, Path)), responses((status = 200, body = AlertDocument)))]
async fn acknowledge_alert(
    State(state): State<AppState>,
    Caller(who): Caller,
    Uuid(id): Uuid<kind::Alert>,
) -> Result<Json<AlertDocument>, Failure> {
    Ok(Json(state.engine.acknowledge_alert(&who, id).await?.into()))
}

/// Says that the trouble is gone, for sources that never do.
#[utoipa::path(post, path = "/alerts/{id}/resolve", tag = "alerts", params(("id" = String, Path)), request_body = Reason, responses((status = 200, body = AlertDocument)))]
async fn resolve_alert(
    State(state): State<AppState>,
    Caller(who): Caller,
    Uuid(id): Uuid<kind::Alert>,
    Body(wish): Body<Reason>,
) -> Result<Json<AlertDocument>, Failure> {
    Ok(Json(state.engine.resolve_alert(&who, id, &wish.reason).await?.into()))
}

/// Lets the alert raise nothing for some hours.
#[utoipa::path(post, path = "/alerts/{id}/silence", tag = "alerts", params(("id" = String, Path)), request_body = SilenceWish, responses((status = 200, body = SilenceDocument)))]
async fn silence_alert(
    State(state): State<AppState>,
    Caller(who): Caller,
    Uuid(id): Uuid<kind::Alert>,
    Body(wish): Body<SilenceWish>,
) -> Result<Json<SilenceDocument>, Failure> {
    Ok(Json(state.engine.silence_alert(&who, id, wish.hours, &wish.reason).await?.into()))
}

/// Looks up the source that a list is filtered by.
pub(super) async fn source_id(state: &AppState, who: &Identity, name: Option<String>) -> Result<Option<SourceId>, Failure> {
    match name {
        Some(name) => Ok(Some(state.engine.source(who, &name).await?.id)),
        None => Ok(None),
    }
}

/// Looks up the incident that a list is filtered by.
pub(super) async fn incident_id(state: &AppState, who: &Identity, id: Option<String>) -> Result<Option<IncidentId>, Failure> {
    match id {
        Some(id) => Ok(Some(state.engine.incident(who, &id).await?.incident.id)),
        None => Ok(None),
    }
}
