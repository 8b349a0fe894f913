//! `/v2/alerts` and what is under it: the form of Opsgenie's alert API.
//!
//! The `GenieKey` is the source's key. Which operation it is, the source reads from method, path and query, which are
//! handed on as headers. Answers are those that Opsgenie documents.

use std::time::Instant;

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde_json::json;
use watchfire_engine::IntakeError;

use super::delivery::Delivery;
use crate::AppState;

const KIND: &str = "opsgenie";

/// Takes an operation on an alert in.
pub(super) async fn deliver(State(state): State<AppState>, request: Request) -> Response {
    let started = Instant::now();
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return answer(StatusCode::METHOD_NOT_ALLOWED, "Alerts are not read here; use /api/v1/alerts", started, None);
    }
    let Some(key) = genie_key(request.headers()) else {
        return answer(StatusCode::UNAUTHORIZED, "Key format is not valid!", started, None);
    };
    let delivery = match Delivery::read(&state, KIND, request).await {
        Ok(delivery) => delivery,
        Err(problem) => {
            return answer(problem.status(), problem.detail.as_deref().unwrap_or("The body could not be read"), started, None);
        }
    };
    match delivery.accept(&state, KIND, &key).await {
        Ok(accepted) => {
            let body = json!({
                "result": "Request will be processed",
                "took": started.elapsed().as_secs_f64(),
                "requestId": accepted.event_id,
            });
            (StatusCode::ACCEPTED, Json(body)).into_response()
        }
        Err(error) => failed(error, started),
    }
}

/// Reads `Authorization: GenieKey <key>`.
fn genie_key(headers: &HeaderMap) -> Option<String> {
    let (scheme, key) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("geniekey") && !key.trim().is_empty()).then(|| key.trim().to_owned())
}

fn failed(error: IntakeError, started: Instant) -> Response {
    match error {
        IntakeError::UnknownAddress | IntakeError::Unauthorized(_) => {
            answer(StatusCode::UNAUTHORIZED, "Could not authenticate", started, None)
        }
        IntakeError::Malformed { event_id, reason } => {
            let message = format!("Request body is not processable: {reason}; kept in quarantine as event {event_id}");
            answer(StatusCode::UNPROCESSABLE_ENTITY, &message, started, None)
        }
        error @ IntakeError::TooManyRequests { retry_after_s } => {
            answer(StatusCode::TOO_MANY_REQUESTS, &error.to_string(), started, Some(retry_after_s))
        }
        error @ IntakeError::Unavailable => answer(StatusCode::SERVICE_UNAVAILABLE, &error.to_string(), started, Some(5)),
    }
}

fn answer(code: StatusCode, message: &str, started: Instant, retry_after_s: Option<u64>) -> Response {
    let body = json!({ "message": message, "took": started.elapsed().as_secs_f64() });
    let mut response = (code, Json(body)).into_response();
    let headers = response.headers_mut();
    if let Some(seconds) = retry_after_s {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if code == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("GenieKey"));
    }
    response
}
