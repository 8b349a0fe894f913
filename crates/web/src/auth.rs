//! Who sends a request: tokens for programs, sessions for our own pages.

use std::net::IpAddr;
use std::num::NonZeroU32;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, header};
use watchfire_core::access::Identity;
use watchfire_engine::Error;

use crate::AppState;
use crate::api::problem_of;
use crate::cookies::Secret;
use crate::limit::{ClientAddress, Rate};
use crate::problem::Problem;

/// Wrong tokens by network: twenty at once, then one a second. Valid ones are never slowed.
pub(crate) struct WrongTokens(Rate<IpAddr>);

impl Default for WrongTokens {
    fn default() -> Self {
        const PER_SECOND: NonZeroU32 = NonZeroU32::MIN;
        const AT_ONCE: NonZeroU32 = NonZeroU32::new(20).expect("twenty is not zero");
        Self(Rate::new("wrong_token", PER_SECOND, AT_ONCE))
    }
}

impl WrongTokens {
    /// Counts a wrong token; `Err` says that the network has sent too many.
    pub(crate) fn count(&self, address: IpAddr) -> Result<(), Problem> {
        self.0.check(&network(address)).map_err(Problem::from)
    }
}

/// IPv6 is counted by /64: whoever has one address of it has all.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6([a, b, c, d, 0, 0, 0, 0].into())
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// The middleware of the whole API: nothing behind it runs without an identity.
///
/// A token in `Authorization: Bearer` counts for everything; a session's cookie for reading from our own pages alone.
pub(crate) async fn require(
    State(state): State<AppState>,
    client: Result<ClientAddress, Problem>,
    mut request: Request,
    next: Next,
) -> Response {
    let found = match bearer(request.headers()) {
        Some(Ok(token)) => state.engine.authenticate(token).await,
        Some(Err(problem)) => return problem.into_response(),
        None if reads_from_own_page(&request) => match Secret::Session.read(request.headers()) {
            Some(secret) => state.engine.session(secret).await,
            None => return unauthorized("a token is needed").into_response(),
        },
        None => return unauthorized("a token is needed").into_response(),
    };
    match found {
        Ok(Some(identity)) => {
            request.extensions_mut().insert(identity);
            next.run(request).await
        }
        Ok(None) => match client.map_or(Ok(()), |ClientAddress(address)| state.wrong_tokens.count(address)) {
            Ok(()) => unauthorized("the token is wrong, has expired or was revoked").into_response(),
            Err(problem) => problem.into_response(),
        },
        Err(error) => problem_of(error).into_response(),
    }
}

/// Returns who sends a token of the API, for the few addresses outside of it that take one.
///
/// # Errors
/// There is none, or it is not valid, or the store does not answer.
pub(crate) async fn token(state: &AppState, headers: &HeaderMap) -> Result<Identity, Problem> {
    let token = bearer(headers).ok_or_else(|| unauthorized("a token is needed"))??;
    let found = state.engine.authenticate(token).await.map_err(problem_of)?;
    found.ok_or_else(|| unauthorized("the token is wrong, has expired or was revoked"))
}

/// Returns who a page's visitor is by the session cookie; `None` is nobody.
///
/// # Errors
/// The store does not answer: then nobody is let in.
pub(crate) async fn visitor(state: &AppState, headers: &HeaderMap) -> Result<Option<Identity>, Error> {
    match Secret::Session.read(headers) {
        Some(secret) => state.engine.session(secret).await,
        None => Ok(None),
    }
}

/// Says that a credential is missing or wrong.
pub(crate) fn unauthorized(detail: &str) -> Problem {
    let detail = format!("{detail}; send Authorization: Bearer <token>");
    Problem::new(StatusCode::UNAUTHORIZED).kind("unauthorized").detail(detail)
}

fn bearer(headers: &HeaderMap) -> Option<Result<&str, Problem>> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next()?;
    if values.next().is_some() {
        return Some(Err(unauthorized("there is more than one Authorization header")));
    }
    let token = value.to_str().ok().and_then(|text| {
        let (scheme, token) = text.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    Some(token.ok_or_else(|| unauthorized("the Authorization header is not of the form Bearer <token>")))
}

/// A cookie is sent along by any page of any site; only reading, and only from our own pages, may rest on it.
fn reads_from_own_page(request: &Request) -> bool {
    let site = request.headers().get("sec-fetch-site").and_then(|value| value.to_str().ok());
    matches!(*request.method(), Method::GET | Method::HEAD) && site == Some("same-origin")
}

#[cfg(test)]
#[path = "auth_tests.rs"]
mod tests;
