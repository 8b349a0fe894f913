//! JSON bodies, strictly.

use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;

use crate::limit::body::{BodyLimit, read};
use crate::limit::json::strict;
use crate::problem::Problem;

/// A JSON body, read into `T` by [`strict`]. A body without a byte counts as `{}`, whatever its type.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = read(&parts.headers, body, BodyLimit::USUAL).await?;
        if bytes.is_empty() {
            return strict(b"{}").map(Self);
        }
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("without a type");
        if !is_json(kind) {
            let shown: String = kind.chars().take(60).collect();
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE)
                .kind("media-type")
                .detail(format!("the body is {shown}; send content-type application/json")));
        }
        strict(&bytes).map(Self)
    }
}

fn is_json(kind: &str) -> bool {
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn json_is_told_by_its_media_type_with_parameters_and_suffix() {
        assert!(is_json("application/json; charset=utf-8") && is_json("application/merge-patch+json"));
        assert!(!is_json("text/plain") && !is_json("application/jsonx"));
    }
}
