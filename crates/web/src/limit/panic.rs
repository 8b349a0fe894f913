//! A bug of ours costs one request, never the process.

use std::any::Any;

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::problem::Problem;
use crate::telemetry::names;

/// Turns a panic into a 500: the text goes to the log, the client sees a number.
pub(super) fn answer(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(panic = text.unwrap_or("(no text)"), "a request ended in a bug of ours");
    metrics::counter!(names::HTTP_PANICS).increment(1);
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR)
        .detail("a bug of ours; the log of the server has it under the number in `instance`")
        .into_response()
}
