//! Heads that are too large.

use http::StatusCode;
use http::request::Parts;

use super::Limits;
use crate::problem::Problem;

/// Returns the refusal of a request whose target or headers are over the limit.
///
/// hyper refuses before this what does not fit its read buffer, or has more than 100 headers, with a bare 431.
pub(super) fn refuse(head: &Parts, limits: &Limits) -> Option<Problem> {
    let target = head.uri.path_and_query().map_or(0, |target| target.as_str().len());
    if target > limits.target_bytes {
        let detail = format!("the request target has {target} bytes, the limit is {}", limits.target_bytes);
        return Some(Problem::new(StatusCode::URI_TOO_LONG).detail(detail));
    }
    let headers: usize = head.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if headers > limits.header_bytes {
        let detail = format!("the headers have {headers} bytes, the limit is {}", limits.header_bytes);
        return Some(Problem::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE).detail(detail));
    }
    None
}
