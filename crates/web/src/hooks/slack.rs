//! `POST /hooks/slack/commands` and `/hooks/slack/actions`: what people type and press in Slack.
//!
//! Slack waits three seconds for an answer; work that takes longer goes on, and its answer follows to the address that came
//! with the request.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use tokio::time::Instant;
use watchfire_engine::{ChatAnswer, ChatError};

use super::delivery::Delivery;
use crate::AppState;
use crate::api::problem_of;
use crate::problem::Problem;

const KIND: &str = "slack";
/// How long the answer may take, so that Slack has it within three seconds.
const PATIENCE: Duration = Duration::from_millis(2_300);

/// Hears a request and answers it, now or later.
pub(super) async fn hear(State(state): State<AppState>, request: Request) -> Response {
    let until = Instant::now() + PATIENCE;
    let delivery = match Delivery::read(&state, KIND, request).await {
        Ok(delivery) => delivery,
        Err(problem) => return problem.into_response(),
    };
    let hearing = state.engine.chat_hear(KIND, &delivery.headers, &delivery.body);
    let answer = match tokio::time::timeout_at(until, hearing).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(ChatError::Unheard(_))) => return unheard().into_response(),
        Ok(Err(ChatError::Failed(error))) => return problem_of(error).into_response(),
        Err(_) => return Problem::new(StatusCode::SERVICE_UNAVAILABLE).kind("unavailable").retry_after(5).into_response(),
    };
    if answer.is_probe() {
        return StatusCode::OK.into_response();
    }
    worked(answer, until).await
}

/// Works, and answers with the result if it is there in time. The work itself ends either way.
async fn worked(answer: ChatAnswer, until: Instant) -> Response {
    let late = answer.clone();
    let mut work = tokio::spawn(async move { answer.work().await });
    match tokio::time::timeout_at(until, &mut work).await {
        Ok(Ok(words)) if words.is_empty() => StatusCode::OK.into_response(),
        Ok(Ok(words)) => json(late.form(&words)),
        Ok(Err(_)) => problem_of_panic().into_response(),
        Err(_) => {
            let working = late.form("Working on it.");
            tokio::spawn(async move {
                if let Ok(words) = work.await {
                    late.send_later(&words).await;
                }
            });
            json(working)
        }
    }
}

fn json(body: String) -> Response {
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The same words whatever was wrong: nobody learns which part of a forgery held.
fn unheard() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED)
        .kind("unauthorized")
        .detail("the request is not one of a chat that is set up here, or it came before")
}

fn problem_of_panic() -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR).kind("internal").detail("the work broke off")
}
