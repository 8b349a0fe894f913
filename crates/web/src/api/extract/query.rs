//! Query parameters, strictly.

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::de::DeserializeOwned;
use watchfire_core::limits;
use watchfire_engine::PageRequest;

use crate::api::failure::{Failure, invalid};

/// The query, read into `T`; a parameter that `T` does not have is refused by name.
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        axum::extract::Query::try_from_uri(&parts.uri).map(|axum::extract::Query(query)| Self(query)).map_err(|error| {
            let cause = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
            invalid("query", &cause).into()
        })
    }
}

/// Reads the page that is wanted.
///
/// # Errors
/// The limit is not 1 to 200.
pub(crate) fn page(limit: Option<usize>, cursor: Option<String>) -> Result<PageRequest, Failure> {
    match limit {
        Some(limit) if !(1..=limits::PAGE).contains(&limit) => {
            Err(invalid("limit", &format!("{limit} is not 1 to {}", limits::PAGE)).into())
        }
        limit => Ok(PageRequest { cursor, limit: limit.unwrap_or(0) }),
    }
}

/// Reads a list of words with commas between; `known` turns a word into its value.
///
/// # Errors
/// A word is unknown; the problem names it.
pub(crate) fn list<T>(name: &str, words: Option<&str>, known: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Failure> {
    let words = words.unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let short: String = word.chars().take(40).collect();
            known(word).ok_or_else(|| invalid(name, &format!("{short:?} is not known here")).into())
        })
        .collect()
}
