//! What monitoring asks: alive, ready, in numbers.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::problem::Problem;
use crate::serve::{Draining, Peer};
use crate::{AppState, auth};

/// The type of Prometheus's text form.
const PROMETHEUS: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

/// The routes of monitoring.
pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready)).route("/metrics", get(numbers))
}

/// The process answers: nothing else is looked at, so that a slow database does not get it restarted.
async fn alive() -> &'static str {
    "alive\n"
}

/// Traffic may come: the store answers, and we are not about to stop.
async fn ready(State(state): State<AppState>, draining: Option<Extension<Draining>>) -> Response {
    if draining.is_some_and(|Extension(Draining(stop))| stop.is_cancelled()) {
        return unready("the server is stopping");
    }
    match state.engine.head().await {
        Ok(_) => "ready\n".into_response(),
        Err(error) => unready(&error.to_string()),
    }
}

/// Metrics count incidents, which not everybody may know of: from this machine they are read freely, from elsewhere
/// and through a proxy with a token.
async fn numbers(State(state): State<AppState>, request: Request) -> Response {
    let local = request.extensions().get::<Peer>().is_some_and(|peer| peer.address.ip().to_canonical().is_loopback());
    if !local || is_forwarded(request.headers()) {
        if let Err(problem) = auth::token(&state, request.headers()).await {
            return problem.into_response();
        }
    }
    ([(header::CONTENT_TYPE, PROMETHEUS)], state.metrics.render()).into_response()
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    ["forwarded", "x-forwarded-for", "x-real-ip", "via"].iter().any(|name| headers.contains_key(*name))
}

fn unready(why: &str) -> Response {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE).kind("not-ready").detail(why).retry_after(1).into_response()
}
