//! Plans: in force, as versions, checked, compared, applied.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use watchfire_engine::check_plans;

use super::diff::unified;
use super::extract::{Body, Caller, Name};
use super::failure::Failure;
use super::model::{PlanCheck, PlanDiff, PlanDocument, PlanFiles, PlanPage};
use crate::AppState;

/// The routes of plans.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get_current))
        .routes(routes!(list_versions))
        .routes(routes!(get_version))
        .routes(routes!(check))
        .routes(routes!(diff))
        .routes(routes!(apply))
}

/// Shows the plans in force.
#[utoipa::path(get, path = "/plans/current", tag = "plans", operation_id = "get_plans", responses((status = 200, body = PlanDocument)))]
async fn get_current(State(state): State<AppState>, Caller(who): Caller) -> Result<Json<PlanDocument>, Failure> {
    Ok(Json(state.engine.plans_current(&who).await?.into()))
}

/// Lists the versions that were in force, the newest first, without their files.
#[utoipa::path(get, path = "/plans/versions", tag = "plans", operation_id = "list_plan_versions", responses((status = 200, body = PlanPage)))]
async fn list_versions(State(state): State<AppState>, Caller(who): Caller) -> Result<Json<PlanPage>, Failure> {
    Ok(Json(state.engine.plans_versions(&who).await?.into()))
}

/// Shows one version with its files.
#[utoipa::path(get, path = "/plans/versions/{version}", tag = "plans", operation_id = "get_plan_version", params(("version" = String, Path)), responses((status = 200, body = PlanDocument)))]
async fn get_version(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(version): Name,
) -> Result<Json<PlanDocument>, Failure> {
    Ok(Json(state.engine.plans_version(&who, &version).await?.into()))
}

/// Finds every fault in plan files; changes nothing.
#[utoipa::path(post, path = "/plans/check", tag = "plans", operation_id = "check_plans", request_body = PlanFiles, responses((status = 200, body = PlanCheck)))]
async fn check(Caller(_who): Caller, Body(wish): Body<PlanFiles>) -> Json<PlanCheck> {
    Json(check_plans(wish.files).into())
}

/// Shows what applying plan files would change.
#[utoipa::path(post, path = "/plans/diff", tag = "plans", operation_id = "diff_plans", request_body = PlanFiles, responses((status = 200, body = PlanDiff)))]
async fn diff(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<PlanFiles>,
) -> Result<Json<PlanDiff>, Failure> {
    let current = state.engine.plans_current(&who).await?;
    Ok(Json(PlanDiff { diff: unified(&current.files, &wish.files) }))
}

/// Puts plan files in force; with a fault in them the old version stays and the problem lists every fault.
#[utoipa::path(post, path = "/plans/apply", tag = "plans", operation_id = "apply_plans", request_body = PlanFiles, responses((status = 200, body = PlanDocument)))]
async fn apply(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<PlanFiles>,
) -> Result<Json<PlanDocument>, Failure> {
    Ok(Json(state.engine.plans_apply(&who, wish.files).await?.into()))
}
