//! Names in paths. What has not the form of an id names nothing: 404, like any other absent object.

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use watchfire_core::id::Id;

use crate::api::failure::{Failure, not_found};

/// A typed id as the last variable of the path.
pub(crate) struct Uuid<K>(pub(crate) Id<K>);

/// One name as it stands in the path: an incident's id or short id, a source's id or name, a version.
pub(crate) struct Name(pub(crate) String);

/// A name and a number: an incident and one of its tasks.
pub(crate) struct Number(pub(crate) String, pub(crate) i64);

impl<S: Send + Sync, K> FromRequestParts<S> for Uuid<K> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Name(text) = Name::from_request_parts(parts, state).await?;
        text.parse().map(Self).map_err(|_| not_found("object").into())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(name)) if name.len() <= 200 => Ok(Self(name)),
            _ => Err(not_found("object").into()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Number {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match Path::<(String, i64)>::from_request_parts(parts, state).await {
            Ok(Path((name, number))) if name.len() <= 200 => Ok(Self(name, number)),
            _ => Err(not_found("object").into()),
        }
    }
}
