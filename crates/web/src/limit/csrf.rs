//! Requests that another site makes a browser send.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, Method, StatusCode, header};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use crate::problem::Problem;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The check itself: Fetch metadata, with `Origin` against `Host` for browsers that send none.
///
/// Proxies have to leave `Host` and `Origin` as they are.
pub(super) fn layer() -> CsrfLayer<fn(ProtectionError) -> Response> {
    CsrfLayer::new().with_rejection_response(refuse as fn(ProtectionError) -> Response)
}

/// Refuses what the layer would let pass for want of both headers, although it carries a cookie: a command
/// line tool has no cookie, and a browser has at least one of the headers.
pub(super) async fn cookies_need_a_site(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let tells = headers.contains_key(FETCH_SITE) || headers.contains_key(header::ORIGIN);
    if !reads && !tells && headers.contains_key(header::COOKIE) {
        return problem().into_response();
    }
    next.run(request).await
}

fn refuse(_: ProtectionError) -> Response {
    problem().into_response()
}

fn problem() -> Problem {
    Problem::new(StatusCode::FORBIDDEN)
        .kind("cross-site")
        .detail("this request does not come from this site's own pages; a proxy in between has to keep Host and Origin")
}
