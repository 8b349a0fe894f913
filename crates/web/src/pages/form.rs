//! The fields of a posted form.

use axum::extract::{Form, FromRequest, Request};
use axum::response::{IntoResponse, Response};

/// Names and values as they came, at most [`Fields::MOST`]; a name may repeat.
#[derive(Clone, Default, Debug)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// How many fields are read.
    pub(crate) const MOST: usize = 200;

    /// Returns a field's trimmed text; empty if it is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// Returns a field's text as it came.
    pub(crate) fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// Returns the texts of a name that repeats, as they came.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns the trimmed text unless it is empty.
    pub(crate) fn filled(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Returns the fields whose name begins with a prefix, without it and without empty ones.
    pub(crate) fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (String, String)> + 'a {
        let named = self.0.iter().filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.trim())));
        named.filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value.to_owned()))
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let form = Form::<Vec<(String, String)>>::from_request(request, state).await;
        let Form(mut pairs) = form.map_err(IntoResponse::into_response)?;
        pairs.truncate(Self::MOST);
        Ok(Self(pairs))
    }
}
