//! What there is now.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::Caller;
use super::failure::Failure;
use super::model::CountsDocument;
use crate::AppState;

/// The route of the counts.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_counts))
}

/// Counts alerts, incidents and quarantined events, as far as you may see them.
#[utoipa::path(get, path = "/counts", tag = "figures", responses((status = 200, body = CountsDocument)))]
async fn get_counts(State(state): State<AppState>, Caller(who): Caller) -> Result<Json<CountsDocument>, Failure> {
    Ok(Json(state.engine.counts(&who).await?.into()))
}
