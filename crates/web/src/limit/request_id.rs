//! A number for every request, in the log, in the answer and in problem details.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT: RequestId;
}

/// The number of a request; an extension of it. Never taken from the client, who could forge a trail with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RequestId {
    process: u32,
    number: u64,
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:08x}-{:x}", self.process, self.number)
    }
}

/// Returns the number of the request that this task answers; `None` elsewhere.
pub fn current_request_id() -> Option<RequestId> {
    CURRENT.try_with(|id| *id).ok()
}

/// Gives the request its number.
pub(super) async fn number(mut request: Request, next: Next) -> Response {
    let id = next_id();
    request.extensions_mut().insert(id);
    let mut response = CURRENT.scope(id, next.run(request)).await;
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

fn next_id() -> RequestId {
    // Tells nodes and restarts apart; it need not be secret, so the hasher's seed is random enough.
    static PROCESS: LazyLock<u32> = LazyLock::new(|| (RandomState::new().hash_one(0_u8) >> 32) as u32);
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    RequestId { process: *PROCESS, number: NUMBER.fetch_add(1, Ordering::Relaxed) }
}
