//! On-call: who holds which duty, overrides, swaps, calendar feeds, lint.

mod feeds;
mod overrides;
mod show;
mod swaps;

use utoipa_axum::router::OpenApiRouter;

use crate::AppState;

/// The routes of on-call.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().merge(show::routes()).merge(overrides::routes()).merge(swaps::routes()).merge(feeds::routes())
}
