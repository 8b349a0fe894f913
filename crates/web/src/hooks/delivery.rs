//! From a request to what the engine takes in.

use axum::extract::Request;
use bytes::Bytes;
use http::HeaderMap;
use http::request::Parts;
use watchfire_core::limits;
use watchfire_core::source::Headers;
use watchfire_engine::{Accepted, Incoming, IntakeError};

use crate::AppState;
use crate::limit::body::{BodyLimit, read};
use crate::problem::Problem;

/// Headers by which a source learns of the request's line; nobody outside may set them.
const METHOD: &str = "x-watchfire-method";
const PATH: &str = "x-watchfire-path";
const QUERY: &str = "x-watchfire-query";

/// A delivery that was read and not yet judged.
pub(super) struct Delivery {
    pub(super) headers: Headers,
    pub(super) body: Bytes,
}

impl Delivery {
    /// Reads a request whole, within the limit of the source's kind.
    ///
    /// # Errors
    /// The body is too large, packed in a way that is not taken, or broke off.
    pub(super) async fn read(state: &AppState, kind: &str, request: Request) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let body = read(&parts.headers, body, limit(state, kind)).await?;
        Ok(Self { headers: headers(&parts), body })
    }

    /// Hands the delivery to the engine; `Ok` means that it is on stable storage.
    pub(super) async fn accept(self, state: &AppState, kind: &str, key: &str) -> Result<Accepted, IntakeError> {
        let incoming = Incoming { kind: kind.to_owned(), key: key.to_owned(), headers: self.headers, body: self.body };
        state.engine.accept(incoming).await
    }
}

/// Kinds say how large their bodies may be; for an unknown kind the usual limit, so that it is told from nothing else.
fn limit(state: &AppState, kind: &str) -> BodyLimit {
    let known = state.engine.source_kinds().into_iter().find(|about| about.kind == kind);
    match known.map(|about| about.body_bytes_max) {
        Some(bytes) if bytes > limits::BODY_BYTES => BodyLimit::LARGE,
        _ => BodyLimit::USUAL,
    }
}

fn headers(parts: &Parts) -> Headers {
    let mut headers: Headers = texts(&parts.headers).filter(|(name, _)| ![METHOD, PATH, QUERY].contains(name)).collect();
    headers.set(METHOD, parts.method.as_str());
    // The path of our own addresses holds the key, which is not stored with the event.
    if !parts.uri.path().starts_with("/hooks/") {
        headers.set(PATH, parts.uri.path());
        headers.set(QUERY, parts.uri.query().unwrap_or_default());
    }
    headers
}

/// Header values that are no visible ASCII are left out: no scheme that we know signs over one.
fn texts(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
}
