//! Pages: list, show, acknowledge, send by hand; and the budget of pages.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use watchfire_engine::PageFilter;

use super::extract::{Body, Caller, Name, Query, page};
use super::failure::Failure;
use super::model::{BudgetDocument, PageDocument, PagePage};
use crate::AppState;

/// Which pages are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PageQuery {
    /// Rows, 1 to 200; without it 50.
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// An incident, by any of its ids.
    incident: Option<String>,
    /// Only pages that told the caller.
    #[serde(default)]
    mine: bool,
    /// Only those that still await an answer.
    #[serde(default)]
    open: bool,
}

/// Over how many days.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BudgetQuery {
    /// 1 to 366; without it 28.
    days: Option<i64>,
}

/// Whom to page, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPage {
    /// `owners`, `schedule NAME`, `team NAME`, `role NAME` or a person's login.
    to: String,
    /// In a sentence.
    #[serde(default)]
    text: String,
}

/// The routes of pages.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_pages))
        .routes(routes!(get_page))
        .routes(routes!(acknowledge_page))
        .routes(routes!(send_page))
        .routes(routes!(page_budget))
}

/// Lists pages about incidents that the caller may see, the newest first.
#[utoipa::path(get, path = "/pages", tag = "paging", params(PageQuery), responses((status = 200, body = PagePage)))]
async fn list_pages(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(query): Query<PageQuery>,
) -> Result<Json<PagePage>, Failure> {
    let wanted = page(query.limit, query.cursor)?;
    let filter = PageFilter { incident: query.incident, mine: query.mine, open: query.open };
    Ok(Json(state.engine.pages(&who, filter, wanted).await?.into()))
}

/// Shows a page with every attempt and its trace.
#[utoipa::path(get, path = "/pages/{id}", tag = "paging", params(("id" = String, Path)), responses((status = 200, body = PageDocument)))]
async fn get_page(State(state): State<AppState>, Caller(who): Caller, Name(id): Name) -> Result<Json<PageDocument>, Failure> {
    Ok(Json(state.engine.page(&who, &id).await?.into()))
}

/// Answers a page, and takes its incident up. Doing it twice is fine.
#[utoipa::path(post, path = "/pages/{id}/acknowledge", tag = "paging", params(("id" = String, Path)), responses((status = 200, body = PageDocument)))]
async fn acknowledge_page(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
) -> Result<Json<PageDocument>, Failure> {
    Ok(Json(state.engine.acknowledge_page(&who, &id).await?.into()))
}

/// Pages somebody about an incident by hand.
#[utoipa::path(post, path = "/incidents/{id}/pages", tag = "paging", params(("id" = String, Path)), request_body = NewPage, responses((status = CREATED, body = PageDocument)))]
async fn send_page(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<NewPage>,
) -> Result<(StatusCode, Json<PageDocument>), Failure> {
    let page = state.engine.send_page(&who, &id, &wish.to, &wish.text).await?;
    Ok((StatusCode::CREATED, Json(page.into())))
}

/// Tells how often people were paged, at night and for nothing, and which rule is worth a look.
#[utoipa::path(get, path = "/page-budget", tag = "paging", params(BudgetQuery), responses((status = 200, body = BudgetDocument)))]
async fn page_budget(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(query): Query<BudgetQuery>,
) -> Result<Json<BudgetDocument>, Failure> {
    Ok(Json(state.engine.page_budget(&who, query.days.unwrap_or(28)).await?.into()))
}
