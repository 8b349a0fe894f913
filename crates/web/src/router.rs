//! All doors of the server in one router.

use axum::Router;

use crate::limit::{Protection, protect};
use crate::{AppState, api, health, hooks, pages};

/// Merges API, deliveries and pages, each behind the layers that it needs.
pub fn router(state: AppState) -> Router {
    let protection = |cookies| Protection { proxies: state.proxies.clone(), cookies };
    let browsers = api::router(&state).merge(pages::routes()).merge(health::routes());
    let browsers = browsers.with_state(state.clone());
    let senders = hooks::router().with_state(state.clone());
    // A browser's cookie opens nothing among the deliveries, so they may come from any site.
    protect(browsers, protection(true)).merge(protect(senders, protection(false)))
}
