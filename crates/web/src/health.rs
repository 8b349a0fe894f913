//! What monitoring asks: alive, ready, in numbers.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tokio::sync::Mutex;
use tokio::time::{Duration, Instant};
use watchfire_core::access::Right;
use watchfire_engine::Engine;

use crate::api::problem_of;
use crate::problem::Problem;
use crate::serve::{Draining, Peer};
use crate::{AppState, auth};

/// The type of Prometheus's text form.
const PROMETHEUS: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

/// How long an answer about the store is given again: each question costs a commit.
const FRESH: Duration = Duration::from_secs(1);
/// How long the store may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// What the store answered last, and when.
#[derive(Default)]
pub(crate) struct Readiness(Mutex<Option<(Instant, Option<String>)>>);

impl Readiness {
    /// Returns why the store takes no writes; `None` if it does. Whoever asks meanwhile waits for the same answer.
    async fn ask(&self, engine: &Engine) -> Option<String> {
        let mut last = self.0.lock().await;
        if let Some((at, why)) = last.as_ref()
            && at.elapsed() < FRESH
        {
            return why.clone();
        }
        let why = match tokio::time::timeout(PATIENCE, engine.health()).await {
            Ok(Ok(_)) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some("the store takes too long to write".to_owned()),
        };
        *last = Some((Instant::now(), why.clone()));
        why
    }
}

/// The routes of monitoring.
pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready)).route("/metrics", get(numbers))
}

/// The process answers: nothing else is looked at, so that a slow database does not get it restarted.
async fn alive() -> &'static str {
    "alive\n"
}

/// Traffic may come: the store takes writes, and we are not about to stop.
async fn ready(State(state): State<AppState>, draining: Option<Extension<Draining>>) -> Response {
    if draining.is_some_and(|Extension(Draining(stop))| stop.is_cancelled()) {
        return unready("the server is stopping");
    }
    match state.readiness.ask(&state.engine).await {
        None => "ready\n".into_response(),
        Some(why) => unready(&why),
    }
}

/// Metrics count incidents, which not everybody may know of: from this machine they are read freely, from elsewhere
/// and through a proxy with a token.
async fn numbers(State(state): State<AppState>, request: Request) -> Response {
    let local = request.extensions().get::<Peer>().is_some_and(|peer| peer.address.ip().to_canonical().is_loopback());
    if (!local || is_forwarded(request.headers()))
        && let Err(problem) = may_count(&state, request.headers()).await
    {
        return problem.into_response();
    }
    ([(header::CONTENT_TYPE, PROMETHEUS)], state.metrics.render()).into_response()
}

/// The numbers of the whole installation are for whoever sets it up: members may not know of every incident.
async fn may_count(state: &AppState, headers: &HeaderMap) -> Result<(), Problem> {
    let who = auth::token(state, headers).await?;
    who.may(Right::Configure).map_err(|denied| problem_of(denied.into()))
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    ["forwarded", "x-forwarded-for", "x-real-ip", "via"].iter().any(|name| headers.contains_key(*name))
}

fn unready(why: &str) -> Response {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE).kind("not-ready").detail(why).retry_after(1).into_response()
}
