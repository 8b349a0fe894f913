//! From an engine's error to a problem: the one place that chooses statuses.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use watchfire_engine::Error;

use crate::problem::Problem;

/// What a handler returns when it did not do what was asked.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) Problem);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(problem_of(error))
    }
}

/// Turns an engine's error into its problem; the cause of an internal one goes to the log alone.
pub(crate) fn problem_of(error: Error) -> Problem {
    let text = error.to_string();
    match error {
        Error::Denied(_) => Problem::new(StatusCode::FORBIDDEN).kind("not-allowed").detail(text),
        Error::NotFound(what) => not_found(what),
        Error::Refused(_) => Problem::new(StatusCode::CONFLICT).kind("refused").detail(text),
        Error::Proof => Problem::new(StatusCode::FORBIDDEN).kind("proof-needed").detail(text),
        Error::Conflict => Problem::new(StatusCode::CONFLICT).kind("changed-meanwhile").detail(text),
        Error::Invalid { field, message } => invalid(&field, &message),
        Error::Plans(faults) => {
            let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY).kind("plans").detail(text);
            faults.into_iter().fold(problem, |problem, fault| {
                problem.field(format!("{}:{}:{}", fault.file, fault.line, fault.column), fault.message)
            })
        }
        Error::Unavailable => Problem::new(StatusCode::SERVICE_UNAVAILABLE).kind("unavailable").detail(text).retry_after(5),
        Error::Overloaded => Problem::new(StatusCode::SERVICE_UNAVAILABLE).kind("overloaded").detail(text).retry_after(1),
        Error::Internal(cause) => Problem::internal(&cause),
    }
}

/// Says that something is not there, or not the caller's to see: the same answer.
pub(crate) fn not_found(what: &str) -> Problem {
    Problem::new(StatusCode::NOT_FOUND).kind("not-found").detail(format!("there is no such {what}, or it is not yours to see"))
}

/// Says that one field or parameter does not fit.
pub(crate) fn invalid(field: &str, message: &str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY).kind("invalid").detail(format!("{field}: {message}")).field(field, message)
}
