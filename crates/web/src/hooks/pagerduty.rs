//! `POST /v2/enqueue` and `/v2/change/enqueue`: the form of PagerDuty's Events API v2.
//!
//! The routing key is the source's key. Answers are those that PagerDuty documents, so that senders read them.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use watchfire_engine::IntakeError;

use super::delivery::Delivery;
use crate::AppState;
use crate::limit::json::guard;

const KIND: &str = "pagerduty";

/// The one field that is needed before the source reads the rest.
#[derive(Deserialize)]
struct Addressed {
    routing_key: Option<Value>,
}

/// Takes an event in.
pub(super) async fn deliver(State(state): State<AppState>, request: Request) -> Response {
    let change = request.uri().path().starts_with("/v2/change");
    let delivery = match Delivery::read(&state, KIND, request).await {
        Ok(delivery) => delivery,
        Err(problem) => {
            let detail = problem.detail.clone().unwrap_or_default();
            return refused(problem.status(), "invalid event", "Event object is invalid", vec![detail]);
        }
    };
    let key = match routing_key(&delivery) {
        Ok(key) => key,
        Err(fault) => return refused(StatusCode::BAD_REQUEST, "invalid event", "Event object is invalid", vec![fault]),
    };
    match delivery.accept(&state, KIND, &key).await {
        Ok(accepted) if change => {
            let body = json!({ "status": "success", "message": "Change event processed", "event_id": accepted.event_id });
            (StatusCode::ACCEPTED, Json(body)).into_response()
        }
        Ok(accepted) => {
            let body = json!({
                "status": "success",
                "message": "Event processed",
                "dedup_key": accepted.dedup_key,
                "event_id": accepted.event_id,
            });
            (StatusCode::ACCEPTED, Json(body)).into_response()
        }
        Err(error) => failed(error),
    }
}

/// Returns the routing key: from the body, or from the header that newer senders use.
fn routing_key(delivery: &Delivery) -> Result<String, String> {
    guard(&delivery.body).map_err(|problem| problem.detail.unwrap_or_default())?;
    let addressed: Addressed = serde_json::from_slice(&delivery.body).map_err(|_| "the body is not a JSON object".to_owned())?;
    match addressed.routing_key {
        Some(Value::String(key)) if !key.is_empty() => Ok(key),
        Some(_) => Err("'routing_key' is not a text".to_owned()),
        None => {
            delivery.headers.get("x-routing-key").map(str::to_owned).ok_or_else(|| "'routing_key' is missing or blank".to_owned())
        }
    }
}

fn failed(error: IntakeError) -> Response {
    match error {
        IntakeError::UnknownAddress | IntakeError::Unauthorized(_) => {
            let fault = "'routing_key' belongs to no source".to_owned();
            refused(StatusCode::UNAUTHORIZED, "unauthorized", "Invalid routing key", vec![fault])
        }
        IntakeError::Malformed { event_id, reason } => {
            let errors = vec![reason, format!("kept in quarantine as event {event_id}")];
            refused(StatusCode::BAD_REQUEST, "invalid event", "Event object is invalid", errors)
        }
        error @ IntakeError::TooManyRequests { retry_after_s } => {
            let response = refused(StatusCode::TOO_MANY_REQUESTS, "throttle exceeded", &error.to_string(), Vec::new());
            later(response, retry_after_s)
        }
        error @ IntakeError::Unavailable => {
            let response = refused(StatusCode::SERVICE_UNAVAILABLE, "unavailable", &error.to_string(), Vec::new());
            later(response, 5)
        }
    }
}

fn refused(code: StatusCode, status: &str, message: &str, errors: Vec<String>) -> Response {
    let mut response = (code, Json(json!({ "status": status, "message": message, "errors": errors }))).into_response();
    if code == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

fn later(mut response: Response, seconds: u64) -> Response {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}
