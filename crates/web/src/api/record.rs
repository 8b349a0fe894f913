//! The record.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use watchfire_engine::RecordFilter;

use super::alerts::incident_id;
use super::extract::{Caller, Query, list, page};
use super::failure::Failure;
use super::model::{At, EntryPage};
use crate::AppState;

/// Which entries are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RecordQuery {
    /// Rows, 1 to 200; without it 50.
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// An incident's id or short id.
    incident: Option<String>,
    /// Kinds of entries with commas between: `incident.noted,incident.reported`.
    kind: Option<String>,
    /// Who did it: a login, or the name of a service, source or duty.
    actor: Option<String>,
    /// Entries recorded from this instant on.
    from: Option<At>,
    /// Entries recorded before this instant.
    until: Option<At>,
}

/// The route of the record.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_entries))
}

/// Lists what happened, the newest first.
#[utoipa::path(get, path = "/record", tag = "record", params(RecordQuery), responses((status = 200, body = EntryPage)))]
async fn list_entries(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(query): Query<RecordQuery>,
) -> Result<Json<EntryPage>, Failure> {
    let incident = incident_id(&state, &who, query.incident).await?;
    let kinds = list("kind", query.kind.as_deref(), |word| Some(word.to_owned()))?;
    let (from, until) = (query.from.map(|at| at.0), query.until.map(|at| at.0));
    let filter = RecordFilter { incident, kinds, actor: query.actor, from, until, ..RecordFilter::default() };
    let page = page(query.limit, query.cursor)?;
    Ok(Json(state.engine.record(&who, filter, page).await?.into()))
}
