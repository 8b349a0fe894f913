//! Who asks.

use axum::Json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::Caller;
use super::model::MeDocument;
use crate::AppState;

/// The route of oneself.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_me))
}

/// Tells whose the credential is and how far it reaches.
#[utoipa::path(get, path = "/me", tag = "tokens", responses((status = 200, body = MeDocument)))]
async fn get_me(Caller(who): Caller) -> Json<MeDocument> {
    Json(who.into())
}
