//! Errors as the client sees them: RFC 9457 problem details.

use std::error::Error;
use std::fmt::Write;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::limit::current_request_id;

/// The media type of problem details.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// What was wrong with a request and what to do, as RFC 9457 has it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// The word by which a client tells this problem apart; written as `urn:watchfire:problem:<word>`, and as
    /// `about:blank` where it is empty.
    #[serde(rename = "type", serialize_with = "write_kind")]
    #[schema(value_type = String)]
    pub kind: &'static str,
    /// The status in words.
    #[schema(value_type = String)]
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What was wrong this time, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The number of this occurrence, for the people who run the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// What was wrong with each field; empty where the fault lies elsewhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    #[serde(skip)]
    #[schema(ignore)]
    retry_after_s: Option<u32>,
}

/// What was wrong with one field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The path to it, such as `labels.team`.
    pub field: String,
    /// What was wrong.
    pub detail: String,
}

impl Problem {
    /// Begins with a status, its own words and nothing else.
    pub fn new(status: StatusCode) -> Self {
        Self {
            kind: "",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: None,
            instance: None,
            errors: Vec::new(),
            retry_after_s: None,
        }
    }

    /// Returns an internal error: the chain of causes goes to the log once, the client sees a number.
    pub fn internal(error: &(dyn Error + 'static)) -> Self {
        tracing::error!(error = %chain(error), "request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR)
            .detail("an internal error; the log of the server has the cause under the number in `instance`")
    }

    /// Sets what was wrong.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Sets the word by which a client tells this problem apart.
    #[must_use]
    pub fn kind(mut self, word: &'static str) -> Self {
        self.kind = word;
        self
    }

    /// Adds what was wrong with one field.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>, detail: impl Into<String>) -> Self {
        self.errors.push(FieldProblem { field: field.into(), detail: detail.into() });
        self
    }

    /// Sets after how many seconds to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(u32::try_from(seconds).unwrap_or(u32::MAX).max(1));
        self
    }

    /// Returns the status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for Problem {
    fn into_response(mut self) -> Response {
        let status = self.status();
        if status.is_server_error() && self.instance.is_none() {
            self.instance = current_request_id().map(|id| format!("urn:watchfire:request:{id}"));
        }
        // The fields are texts and numbers, which cannot fail to be written.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

fn write_kind<S: Serializer>(word: &&'static str, serializer: S) -> Result<S::Ok, S::Error> {
    match *word {
        "" => serializer.serialize_str("about:blank"),
        word => serializer.collect_str(&format_args!("urn:watchfire:problem:{word}")),
    }
}

/// Writes an error and all its causes in one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        // Writing to a text cannot fail.
        let _ = write!(text, ": {cause}");
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_written_without_its_empty_parts() {
        let problem = Problem::new(StatusCode::NOT_FOUND);
        let text = serde_json::to_string(&problem).expect("texts can be written");
        assert_eq!(text, r#"{"type":"about:blank","title":"Not Found","status":404}"#);
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY).kind("invalid").detail("no").field("title", "is empty");
        let text = serde_json::to_string(&problem).expect("texts can be written");
        assert_eq!(
            text,
            r#"{"type":"urn:watchfire:problem:invalid","title":"Unprocessable Entity","status":422,"detail":"no","errors":[{"field":"title","detail":"is empty"}]}"#
        );
    }

    #[test]
    fn headers_tell_type_time_and_scheme() {
        let response = Problem::new(StatusCode::SERVICE_UNAVAILABLE).retry_after(0).into_response();
        assert_eq!(response.headers()[header::CONTENT_TYPE], CONTENT_TYPE);
        assert_eq!(response.headers()[header::RETRY_AFTER], "1");
        let response = Problem::new(StatusCode::UNAUTHORIZED).into_response();
        assert_eq!(response.headers()[header::WWW_AUTHENTICATE], "Bearer");
    }
}
