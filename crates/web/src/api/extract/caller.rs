//! Who asks.

use axum::extract::FromRequestParts;
use http::request::Parts;
use watchfire_core::access::Identity;

use crate::api::failure::Failure;
use crate::auth;

/// The identity that the middleware found; a handler cannot run without it.
#[derive(Clone, Debug)]
pub(crate) struct Caller(pub(crate) Identity);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        let identity = parts.extensions.get::<Identity>().cloned();
        // Without one the middleware was left out, and nobody is let in.
        identity.map(Self).ok_or_else(|| auth::unauthorized("a token is needed").into())
    }
}
