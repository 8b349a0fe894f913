//! The routes of the API, behind one door.

use axum::extract::Request;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, middleware::Next};
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;

use super::{
    alerts, channels, chat, contacts, counts, document, events, figures, idempotency, incidents, me, oncall, paging, people,
    plans, record, reports, sign_in, silences, sources, teams, tokens, work,
};
use crate::problem::Problem;
use crate::{AppState, auth};

/// Where the API is.
pub(super) const BASE: &str = "/api/v1";

/// All operations with their descriptions.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    let nouns = OpenApiRouter::new()
        .merge(alerts::routes())
        .merge(channels::routes())
        .merge(chat::routes())
        .merge(contacts::routes())
        .merge(counts::routes())
        .merge(events::routes())
        .merge(figures::routes())
        .merge(incidents::routes())
        .merge(me::routes())
        .merge(oncall::routes())
        .merge(paging::routes())
        .merge(people::routes())
        .merge(plans::routes())
        .merge(record::routes())
        .merge(reports::routes())
        .merge(sign_in::routes())
        .merge(silences::routes())
        .merge(sources::routes())
        .merge(teams::routes())
        .merge(tokens::routes())
        .merge(work::routes());
    OpenApiRouter::new().nest(BASE, nouns)
}

/// The API as it is served. The document alone is public; everything else, also what is not there, asks who comes first.
pub(crate) fn router(state: &AppState) -> Router<AppState> {
    let (private, _document) = operations().split_for_parts();
    let private = private
        .route("/api", get(not_there))
        .route("/api/{*rest}", axum::routing::any(not_there))
        .method_not_allowed_fallback(not_allowed)
        .layer(from_fn_with_state(state.clone(), idempotency::once))
        .layer(from_fn_with_state(state.clone(), auth::require))
        .layer(from_fn(uncached));
    Router::new().route("/api/v1/openapi.json", get(document::serve)).merge(private)
}

async fn not_there() -> Problem {
    Problem::new(StatusCode::NOT_FOUND)
        .kind("not-found")
        .detail("there is no such operation; /api/v1/openapi.json lists them all")
}

async fn not_allowed(request: Request) -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED)
        .kind("method")
        .detail(format!("{} does not work here; /api/v1/openapi.json lists what does", request.method()))
}

/// Answers are about one caller at one time: no cache may keep them.
async fn uncached(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await.into_response();
    response.headers_mut().insert(http::header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    response
}
