//! The routes of deliveries.

use axum::Router;
use axum::routing::{any, post};

use super::{direct, opsgenie, pagerduty, slack};
use crate::AppState;

/// All of them; none takes a token of the API.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/hooks/{kind}/{key}", post(direct::deliver))
        .route("/hooks/slack/commands", post(slack::hear))
        .route("/hooks/slack/actions", post(slack::hear))
        .route("/v2/enqueue", post(pagerduty::deliver))
        .route("/v2/change/enqueue", post(pagerduty::deliver))
        .route("/v2/alerts", post(opsgenie::deliver))
        .route("/v2/alerts/{*rest}", any(opsgenie::deliver))
}
