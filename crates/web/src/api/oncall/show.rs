//! Who is on call, and what is wrong.

use axum::Json;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;
use crate::api::extract::{Caller, Name, Query};
use crate::api::failure::{Failure, not_found};
use crate::api::model::{At, BoardDocument, FindingList, ScheduleDocument};

/// Which span; without it a week from now.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Span {
    /// Without it now.
    from: Option<At>,
    /// Not included; at most 400 days later, without it a week.
    until: Option<At>,
}

impl Span {
    pub(super) fn of(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let from = self.from.map_or(now, |at| at.0);
        let week = from.saturating_add(SignedDuration::from_hours(24 * 7)).unwrap_or(from);
        (from, self.until.map_or(week, |at| at.0))
    }
}

/// How far to look.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Ahead {
    /// 1 to 52; without it 4.
    weeks: Option<i64>,
}

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_on_call)).routes(routes!(lint_on_call)).routes(routes!(get_schedule))
}

/// Shows who is on call for every schedule, now and over a span.
#[utoipa::path(get, path = "/on-call", tag = "on-call", params(Span), responses((status = 200, body = BoardDocument)))]
async fn list_on_call(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(span): Query<Span>,
) -> Result<Json<BoardDocument>, Failure> {
    let (from, until) = span.of(state.engine.now());
    Ok(Json(state.engine.on_call_board(&who, from, until).await?.into()))
}

/// Shows one schedule over a span.
#[utoipa::path(get, path = "/on-call/schedules/{id}", tag = "on-call", params(("id" = String, Path), Span), responses((status = 200, body = ScheduleDocument)))]
async fn get_schedule(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Query(span): Query<Span>,
) -> Result<Json<ScheduleDocument>, Failure> {
    let (from, until) = span.of(state.engine.now());
    let board = state.engine.on_call_board(&who, from, until).await?;
    let lane = board.lanes.into_iter().find(|lane| lane.schedule.id == id);
    Ok(Json(lane.ok_or_else(|| not_found("schedule"))?.into()))
}

/// Looks for gaps, duties that nobody can fill, people who are gone or cannot be reached, and hand-offs at a skipped time.
#[utoipa::path(get, path = "/on-call/lint", tag = "on-call", params(Ahead), responses((status = 200, body = FindingList)))]
async fn lint_on_call(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(ahead): Query<Ahead>,
) -> Result<Json<FindingList>, Failure> {
    Ok(Json(state.engine.lint_on_call(&who, ahead.weeks.unwrap_or(4)).await?.into()))
}
