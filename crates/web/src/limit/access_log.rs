//! One span and one measurement per request.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::Method;
use tokio::time::Instant;
use tracing::Instrument;

use super::request_id::RequestId;
use crate::telemetry::names;

/// Runs the request in a span `web.request` with the route's template: a path can hold a token or an id, and
/// so can a query.
pub(super) async fn record(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "(none)".to_owned(), |path| path.as_str().to_owned());
    let method = known(request.method());
    let id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let span = tracing::info_span!("web.request", request.id = %id, http.method = method, http.route = %route);
    let began = Instant::now();
    async move {
        let response = next.run(request).await;
        let took = began.elapsed();
        let status = response.status();
        let class = match status.as_u16() / 100 {
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            5 => "5xx",
            _ => "1xx",
        };
        metrics::histogram!(names::HTTP_REQUESTS, "method" => method, "route" => route, "status" => class)
            .record(took.as_secs_f64());
        tracing::debug!(http.status = status.as_u16(), duration_ms = took.as_secs_f64() * 1e3, "answered");
        response
    }
    .instrument(span)
    .await
}

/// Returns the method as one of a few words: a client can invent methods, and each would be a label.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
