//! Reports: what somebody saw; triage's checklist.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use watchfire_engine::{Error, NewReport};

use super::extract::{Body, Caller, Name};
use super::failure::Failure;
use super::model::{ReceiptDocument, ReceiptList, ReportDocument};
use crate::AppState;

/// What you saw.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewReport)]
struct ReportWish {
    saw: String,
    /// How to reach you; empty where your login is enough.
    #[serde(default)]
    contact: String,
}

/// An answer of the triage checklist.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReportCheck)]
struct CheckWish {
    /// The check's own words, as the plans have them.
    check: String,
    answer: String,
}

/// The routes of reports.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_reports, report))
        .routes(routes!(get_report))
        .routes(routes!(answer_check))
        .routes(routes!(acknowledge_report))
}

/// Lists the receipts of your own reports.
#[utoipa::path(get, path = "/reports", tag = "reports", responses((status = 200, body = ReceiptList)))]
async fn list_reports(State(state): State<AppState>, Caller(who): Caller) -> Result<Json<ReceiptList>, Failure> {
    Ok(Json(state.engine.my_reports(&who).await?.into()))
}

/// Reports what you saw; anybody with an account may.
#[utoipa::path(post, path = "/reports", tag = "reports", request_body = ReportWish, responses((status = CREATED, body = ReceiptDocument)))]
async fn report(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<ReportWish>,
) -> Result<(StatusCode, Json<ReceiptDocument>), Failure> {
    let receipt = state.engine.report(&who, NewReport { saw: wish.saw, contact: wish.contact }).await?;
    Ok((StatusCode::CREATED, Json(receipt.into())))
}

/// Shows the report that an incident came from.
#[utoipa::path(get, path = "/incidents/{id}/report", tag = "reports", params(("id" = String, Path)), responses((status = 200, body = ReportDocument)))]
async fn get_report(State(state): State<AppState>, Caller(who): Caller, Name(id): Name) -> Result<Json<ReportDocument>, Failure> {
    let report = state.engine.report_of(&who, &id).await?.ok_or(Error::NotFound("report"))?;
    Ok(Json(report.into()))
}

/// Answers one line of the triage checklist.
#[utoipa::path(post, path = "/incidents/{id}/report/checks", tag = "reports", params(("id" = String, Path)), request_body = CheckWish, responses((status = 200, body = ReportDocument)))]
async fn answer_check(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<CheckWish>,
) -> Result<Json<ReportDocument>, Failure> {
    Ok(Json(state.engine.answer_check(&who, &id, &wish.check, &wish.answer).await?.into()))
}

/// Tells the reporter that somebody looks at it.
#[utoipa::path(post, path = "/incidents/{id}/report/acknowledge", tag = "reports", params(("id" = String, Path)), responses((status = 200, body = ReportDocument)))]
async fn acknowledge_report(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
) -> Result<Json<ReportDocument>, Failure> {
    Ok(Json(state.engine.acknowledge_report(&who, &id).await?.into()))
}
