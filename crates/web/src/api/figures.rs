//! How quick the response was.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use watchfire_core::incident::Kind;

use super::extract::{Caller, Query};
use super::failure::{Failure, invalid};
use super::model::{At, FiguresDocument};
use crate::AppState;

/// The span that is looked at without `from`.
const DAYS: i64 = 90;

/// Which span of time is wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FiguresQuery {
    /// Incidents detected from this instant on (RFC 3339, or a day); without it 90 days before `until`.
    from: Option<String>,
    /// Incidents detected before this instant; without it the end of today, UTC.
    until: Option<String>,
}

/// Which lines of the table are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TableQuery {
    /// Incidents detected from this instant on (RFC 3339, or a day); without it 90 days before `until`.
    from: Option<String>,
    /// Incidents detected before this instant; without it the end of today, UTC.
    until: Option<String>,
    /// `real` or `drill`; without it `real`.
    kind: Option<String>,
    /// Only of this team.
    team: Option<String>,
}

/// The routes of the figures.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_figures)).routes(routes!(export_figures))
}

/// Returns times to detect, acknowledge and resolve with their definitions and percentiles; drills are counted apart.
#[utoipa::path(get, path = "/figures", tag = "figures", params(FiguresQuery), responses((status = 200, body = FiguresDocument)))]
async fn get_figures(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(query): Query<FiguresQuery>,
) -> Result<Json<FiguresDocument>, Failure> {
    let (from, until) = span(&state, query.from.as_deref(), query.until.as_deref())?;
    let real = state.engine.spans(&who, Kind::Real, from, until).await?;
    let drill = state.engine.spans(&who, Kind::Drill, from, until).await?;
    Ok(Json(FiguresDocument::of(At(from), At(until), &real, &drill)))
}

/// Returns the times of each incident as CSV, one line each, the newest first: for a spreadsheet of one's own.
#[utoipa::path(get, path = "/figures.csv", tag = "figures", params(TableQuery), responses((status = 200, body = String, content_type = "text/csv")))]
async fn export_figures(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(query): Query<TableQuery>,
) -> Result<Response, Failure> {
    let (from, until) = span(&state, query.from.as_deref(), query.until.as_deref())?;
    let kind = match query.kind.as_deref() {
        None | Some("real") => Kind::Real,
        Some("drill") => Kind::Drill,
        Some(_) => return Err(invalid("kind", "it is neither real nor drill").into()),
    };
    let mut rows = state.engine.spans(&who, kind, from, until).await?;
    if let Some(team) = &query.team {
        rows.retain(|row| row.team == *team);
    }
    Ok(crate::csv::figures(&rows))
}

/// Reads the span of a query.
fn span(state: &AppState, from: Option<&str>, until: Option<&str>) -> Result<(Timestamp, Timestamp), Failure> {
    let until = match until {
        Some(text) => instant("until", text)?,
        None => end_of_day(state.engine.now()),
    };
    let from = match from {
        Some(text) => instant("from", text)?,
        None => until.checked_sub(SignedDuration::from_hours(24 * DAYS)).unwrap_or(Timestamp::MIN),
    };
    if from > until {
        return Err(invalid("from", "it lies after until").into());
    }
    Ok((from, until))
}

/// Returns the midnight after an instant, so that the same question has the same answer while nothing happens.
fn end_of_day(now: Timestamp) -> Timestamp {
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let midnight = today.tomorrow().and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC));
    midnight.map_or(now, |midnight| midnight.timestamp())
}

fn instant(name: &str, text: &str) -> Result<Timestamp, Failure> {
    let day = || text.parse::<jiff::civil::Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    let instant = text.parse().ok().or_else(|| day().map(|day| day.timestamp()));
    let short: String = text.chars().take(40).collect();
    instant.ok_or_else(|| invalid(name, &format!("{short:?} is neither an instant of RFC 3339 nor a day")).into())
}
