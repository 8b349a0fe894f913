//! `POST /hooks/<kind>/<key>`: our own addresses.

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Serialize;
use watchfire_engine::{Accepted, IntakeError};

use super::delivery::Delivery;
use crate::AppState;
use crate::problem::Problem;

/// What a sender is told of a delivery that was kept.
#[derive(Serialize)]
struct Kept {
    /// `accepted`, or `duplicate` where the same delivery was kept before under the same id.
    status: &'static str,
    event_id: String,
    /// How many alerts it speaks of.
    alerts: usize,
    dedup_key: Option<String>,
    /// Why there is nothing to alert about, when there is not.
    remark: Option<String>,
}

/// Takes a delivery in.
pub(super) async fn deliver(
    State(state): State<AppState>,
    Path((kind, key)): Path<(String, String)>,
    request: Request,
) -> Response {
    let delivery = match Delivery::read(&state, &kind, request).await {
        Ok(delivery) => delivery,
        Err(problem) => return problem.into_response(),
    };
    match delivery.accept(&state, &kind, &key).await {
        Ok(accepted) => (StatusCode::ACCEPTED, Json(Kept::from(accepted))).into_response(),
        Err(error) => problem(error).into_response(),
    }
}

impl From<Accepted> for Kept {
    fn from(accepted: Accepted) -> Self {
        Self {
            status: if accepted.duplicate { "duplicate" } else { "accepted" },
            event_id: accepted.event_id.to_string(),
            alerts: accepted.alerts,
            dedup_key: accepted.dedup_key,
            remark: accepted.remark,
        }
    }
}

/// Turns what went wrong into the sender's answer. Troubles of our own are 5xx, which senders repeat; a 4xx they drop.
fn problem(error: IntakeError) -> Problem {
    match error {
        // Byte for byte the answer to a wrong credential: nobody learns which addresses there are.
        IntakeError::UnknownAddress | IntakeError::Unauthorized(_) => unauthorized(),
        IntakeError::Malformed { event_id, reason } => {
            let detail = format!("{reason}; kept in quarantine as event {event_id}");
            let mut problem = Problem::new(StatusCode::BAD_REQUEST).kind("malformed").detail(detail);
            problem.instance = Some(format!("urn:uuid:{event_id}"));
            problem
        }
        error @ IntakeError::TooManyRequests { retry_after_s } => {
            Problem::new(StatusCode::TOO_MANY_REQUESTS).kind("quota").detail(error.to_string()).retry_after(retry_after_s)
        }
        error @ IntakeError::Unavailable => {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE).kind("unavailable").detail(error.to_string()).retry_after(5)
        }
    }
}

fn unauthorized() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED)
        .kind("unauthorized")
        .detail("the address or the delivery's credential is wrong; `watchfire source setup` shows both")
}
