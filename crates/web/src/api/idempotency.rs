//! `Idempotency-Key` on writes: the same key and request again gives the same answer and does nothing twice.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use http_body_util::BodyExt;
use sha2::{Digest, Sha256};
use watchfire_core::access::Identity;
use watchfire_engine::Begun;

use super::failure::{invalid, problem_of};
use crate::AppState;
use crate::limit::body::{BodyLimit, read};
use crate::problem::Problem;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Characters of a key.
const KEY_CHARS: usize = 200;
/// Operations whose answer holds a secret.
const SECRET: [&str; 3] = ["/api/v1/on-call/feeds", "/api/v1/sources", "/api/v1/tokens"];

/// Runs a write once for its key. Requests without the header, and reads, pass through.
pub(super) async fn once(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Some(key) = request.headers().get(KEY).cloned() else { return next.run(request).await };
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let Some(who) = request.extensions().get::<Identity>().cloned() else { return next.run(request).await };
    let key = match key.to_str() {
        Ok(key) if !key.is_empty() && key.len() <= KEY_CHARS => key.to_owned(),
        _ => return invalid("Idempotency-Key", &format!("1 to {KEY_CHARS} visible ASCII characters")).into_response(),
    };
    let secret = gives_secret(request.uri().path());
    let (mut parts, body) = request.into_parts();
    let bytes = match read(&parts.headers, body, BodyLimit::USUAL).await {
        Ok(bytes) => bytes,
        Err(error) => return Problem::from(error).into_response(),
    };
    // It is unpacked now.
    parts.headers.remove(header::CONTENT_ENCODING);
    parts.headers.remove(header::CONTENT_LENGTH);
    let mut hash = Sha256::new();
    for part in [parts.method.as_str().as_bytes(), parts.uri.to_string().as_bytes(), &bytes] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    match state.engine.idempotency_begin(&who, &key, hash.finalize().into()).await {
        Ok(Begun::New) => {
            let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
            keep(&state, &who, &key, response, secret).await
        }
        Ok(Begun::Answered { status, body }) => replay(status, body),
        Ok(Begun::Different) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY)
            .kind("idempotency-mismatch")
            .detail("the key was used for another request: take a new key for a new one")
            .into_response(),
        Ok(Begun::Running) => Problem::new(StatusCode::CONFLICT)
            .kind("idempotency-busy")
            .detail("the same request is being worked on; ask again with the same key")
            .retry_after(1)
            .into_response(),
        Err(error) => problem_of(error).into_response(),
    }
}

/// Keeps the answer of a request that was carried out or refused for good; after trouble of our own the key is free.
async fn keep(state: &AppState, who: &Identity, key: &str, response: Response, secret: bool) -> Response {
    let (parts, body) = response.into_parts();
    let Ok(bytes) = body.collect().await.map(http_body_util::Collected::to_bytes) else {
        return problem_of(watchfire_engine::Error::Unavailable).into_response();
    };
    let passing = parts.status.is_server_error() || parts.status == StatusCode::TOO_MANY_REQUESTS;
    let answer = match (passing, secret && parts.status.is_success()) {
        (true, _) => None,
        (false, true) => Some(shown_once()),
        (false, false) => Some((parts.status.as_u16(), bytes.to_vec())),
    };
    if let Err(error) = state.engine.idempotency_finish(who, key, answer).await {
        tracing::warn!(error = %error, "an answer could not be kept for its idempotency key");
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// What is kept in place of an answer with a secret, which is kept nowhere.
fn shown_once() -> (u16, Vec<u8>) {
    let detail = "it was done, and its secret was shown once; look it up, and rotate or revoke it if the secret was lost";
    let problem = Problem::new(StatusCode::CONFLICT).kind("secret-shown-once").detail(detail);
    (StatusCode::CONFLICT.as_u16(), serde_json::to_vec(&problem).unwrap_or_default())
}

fn replay(status: u16, body: Vec<u8>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let kind = if status.is_success() { "application/json" } else { "application/problem+json" };
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

fn gives_secret(path: &str) -> bool {
    SECRET.contains(&path) || (path.starts_with("/api/v1/sources/") && path.ends_with("/rotate"))
}
